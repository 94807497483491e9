//! Pieces that any site could use. They know no session and no sentence: text
//! comes in as props.

pub mod button;
pub mod check;
pub mod chip;
pub mod choice;
pub mod code;
pub mod curve;
pub mod dialog;
pub mod field;
pub mod figure;
pub mod fold;
pub mod hand_over;
pub mod icon;
pub mod meter;
pub mod notice;
pub mod number;
pub mod page;
pub mod progress;
pub mod save;
pub mod select;
pub mod skeleton;
pub mod toast;
pub mod toggle;
pub mod window;
