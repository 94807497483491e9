//! What the lines of a receipt say, in every language.

use portal_api::language::Language;

/// The names of lines and of ways to pay.
pub struct Lines {
    /// What went into the car.
    pub energy: &'static str,
    /// The time of charging.
    pub time: &'static str,
    /// The session as such.
    pub flat: &'static str,
    /// The time after charging.
    pub parking: &'static str,
    /// What this driver always gets off.
    pub discount: &'static str,
    /// What a dispute gave back.
    pub credit: &'static str,
    /// By the card that the driver left with the operator.
    pub by_card: &'static str,
    /// With the operator's monthly invoice.
    pub by_invoice: &'static str,
    /// By the driver's organisation.
    pub by_organisation: &'static str,
}

/// The names in a language.
pub const fn lines(language: Language) -> &'static Lines {
    match language {
        Language::En => &EN,
        Language::De => &DE,
        Language::Fr => &FR,
        Language::Es => &ES,
    }
}

/// A promotional code.
pub fn code(language: Language, code: &str) -> String {
    match language {
        Language::En | Language::De | Language::Fr => format!("Code {code}"),
        Language::Es => format!("Código {code}"),
    }
}

/// Something that is sold in whole steps.
pub fn blocks(language: Language, sold: &str, used: &str, step: &str) -> String {
    match language {
        Language::En => format!("{sold} sold for {used}: in blocks of {step}"),
        Language::De => format!("{sold} berechnet für {used}: in Blöcken von {step}"),
        Language::Fr => format!("{sold} facturés pour {used} : par tranches de {step}"),
        Language::Es => format!("{sold} facturados por {used}: en bloques de {step}"),
    }
}

/// Something whose beginning costs nothing.
pub fn free(language: Language, free: &str) -> String {
    match language {
        Language::En => format!("the first {free} free"),
        Language::De => format!("die ersten {free} kostenlos"),
        Language::Fr => format!("{free} gratuites au début"),
        Language::Es => format!("los primeros {free} gratis"),
    }
}

const EN: Lines = Lines {
    energy: "Energy",
    time: "Charging time",
    flat: "Session fee",
    parking: "Standing after charging",
    discount: "Discount",
    credit: "Credit after dispute",
    by_card: "By card",
    by_invoice: "With the monthly invoice",
    by_organisation: "By the organisation",
};

const DE: Lines = Lines {
    energy: "Energie",
    time: "Ladezeit",
    flat: "Grundgebühr",
    parking: "Standzeit nach dem Laden",
    discount: "Rabatt",
    credit: "Gutschrift nach Einspruch",
    by_card: "Mit Karte",
    by_invoice: "Mit der Monatsrechnung",
    by_organisation: "Durch die Organisation",
};

const FR: Lines = Lines {
    energy: "Énergie",
    time: "Temps de recharge",
    flat: "Frais par recharge",
    parking: "Stationnement après la recharge",
    discount: "Remise",
    credit: "Avoir après contestation",
    by_card: "Par carte",
    by_invoice: "Avec la facture mensuelle",
    by_organisation: "Par l’organisation",
};

const ES: Lines = Lines {
    energy: "Energía",
    time: "Tiempo de recarga",
    flat: "Cuota por recarga",
    parking: "Estacionamiento tras la recarga",
    discount: "Descuento",
    credit: "Abono tras la reclamación",
    by_card: "Con tarjeta",
    by_invoice: "Con la factura mensual",
    by_organisation: "A cargo de la organización",
};
