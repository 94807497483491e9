//! The group's card or one's own: which fits whom.

use leptos::prelude::*;

use crate::{i18n::words, ui::fold::Fold};

/// Four ways to drive, and what to show at the plug in each.
#[component]
pub fn WhichToken() -> impl IntoView {
    let scenarios = [
        (words::group_which_pool(), true),
        (words::group_which_company_car(), false),
        (words::group_which_shifts(), true),
        (words::group_which_executive(), false),
    ];
    let rows = scenarios.into_iter().map(|(who, shared)| {
        let show = if shared {
            words::group_which_group()
        } else {
            words::group_which_own()
        };
        view! {
            <tr>
                <th scope="row">{who}</th>
                <td>{show}</td>
            </tr>
        }
    });
    let title = words::group_which_title();
    view! {
        <Fold icon="card" title=Signal::stored(title)>
            <p>{words::group_which_text()}</p>
            <table class="group-table">
                <thead>
                    <tr>
                        <th scope="col">{words::group_which_who()}</th>
                        <th scope="col">{words::group_which_show()}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            <p>{words::group_which_lost()}</p>
        </Fold>
    }
}
