//! What receipts say, in every language. [`lines`]: what is paid for.

pub mod lines;

use portal_api::language::Language;

/// The words of a receipt.
pub struct Words {
    /// What it is called.
    pub receipt: &'static str,
    /// Before its number.
    pub number: &'static str,
    /// Before the day it was made.
    pub issued: &'static str,
    /// Before the number of the receipt it corrects.
    pub corrects: &'static str,
    /// Above who is paid.
    pub seller: &'static str,
    /// Above who pays.
    pub buyer: &'static str,
    /// Before the number by which a tax office knows somebody.
    pub vat_id: &'static str,
    /// Above what happened.
    pub session: &'static str,
    /// Before where it happened.
    pub place: &'static str,
    /// Before that place's address.
    pub address: &'static str,
    /// Before the number that every charger in the world has.
    pub evse_id: &'static str,
    /// Before the operator's name of the charger.
    pub charge_point: &'static str,
    /// Before the plug.
    pub connector: &'static str,
    /// Before the card the driver held against the charger.
    pub card: &'static str,
    /// Before when it began.
    pub started: &'static str,
    /// Before when it ended.
    pub ended: &'static str,
    /// Before how much was charged.
    pub energy: &'static str,
    /// Above what is paid for.
    pub description: &'static str,
    /// Above how much of it.
    pub quantity: &'static str,
    /// Above what one of it costs.
    pub unit_price: &'static str,
    /// Above what it costs.
    pub amount: &'static str,
    /// Before the sum of all lines.
    pub subtotal: &'static str,
    /// Before what is paid.
    pub total: &'static str,
    /// Above how it was paid.
    pub payment: &'static str,
    /// Beside the QR code.
    pub link: &'static str,
    /// What the QR code is to somebody who does not see it.
    pub code: &'static str,
    /// What the logo is to somebody who does not see it.
    pub logo: &'static str,
}

/// The words of a language.
pub const fn words(language: Language) -> &'static Words {
    match language {
        Language::En => &EN,
        Language::De => &DE,
        Language::Fr => &FR,
        Language::Es => &ES,
    }
}

/// A tax that is added to what the lines sum up to.
pub fn tax_added(language: Language, rate: &str, net: &str) -> String {
    match language {
        Language::En => format!("VAT {rate} on {net}"),
        Language::De => format!("USt. {rate} auf {net}"),
        Language::Fr => format!("TVA {rate} sur {net}"),
        Language::Es => format!("IVA {rate} sobre {net}"),
    }
}

/// A tax that is part of what the lines sum up to.
pub fn tax_included(language: Language, rate: &str, net: &str) -> String {
    match language {
        Language::En => format!("Includes VAT {rate} on {net}"),
        Language::De => format!("Enthält USt. {rate} auf {net}"),
        Language::Fr => format!("Dont TVA {rate} sur {net}"),
        Language::Es => format!("Incluye IVA {rate} sobre {net}"),
    }
}

const EN: Words = Words {
    receipt: "Receipt",
    number: "Receipt number",
    issued: "Issued on",
    corrects: "Corrects receipt",
    seller: "Seller",
    buyer: "Buyer",
    vat_id: "VAT ID",
    session: "Charging session",
    place: "Place",
    address: "Address",
    evse_id: "EVSE ID",
    charge_point: "Charger",
    connector: "Plug",
    card: "Token used",
    started: "Started",
    ended: "Ended",
    energy: "Energy",
    description: "Description",
    quantity: "Quantity",
    unit_price: "Unit price",
    amount: "Amount",
    subtotal: "Subtotal",
    total: "Total",
    payment: "Payment",
    link: "This session in the portal",
    code: "QR code that leads to this session in the portal",
    logo: "Logo of the seller",
};

const DE: Words = Words {
    receipt: "Beleg",
    number: "Belegnummer",
    issued: "Ausgestellt am",
    corrects: "Berichtigt Beleg",
    seller: "Leistungserbringer",
    buyer: "Leistungsempfänger",
    vat_id: "USt-IdNr.",
    session: "Ladevorgang",
    place: "Standort",
    address: "Adresse",
    evse_id: "EVSE-ID",
    charge_point: "Ladestation",
    connector: "Anschluss",
    card: "Ladekarte",
    started: "Beginn",
    ended: "Ende",
    energy: "Energie",
    description: "Beschreibung",
    quantity: "Menge",
    unit_price: "Einzelpreis",
    amount: "Betrag",
    subtotal: "Zwischensumme",
    total: "Gesamtbetrag",
    payment: "Zahlung",
    link: "Dieser Ladevorgang im Portal",
    code: "QR-Code, der zu diesem Ladevorgang im Portal führt",
    logo: "Logo des Leistungserbringers",
};

const FR: Words = Words {
    receipt: "Reçu",
    number: "Numéro du reçu",
    issued: "Émis le",
    corrects: "Rectifie le reçu",
    seller: "Vendeur",
    buyer: "Client",
    vat_id: "N° de TVA",
    session: "Recharge",
    place: "Lieu",
    address: "Adresse",
    evse_id: "Identifiant EVSE",
    charge_point: "Borne",
    connector: "Prise",
    card: "Badge utilisé",
    started: "Début",
    ended: "Fin",
    energy: "Énergie",
    description: "Description",
    quantity: "Quantité",
    unit_price: "Prix unitaire",
    amount: "Montant",
    subtotal: "Sous-total",
    total: "Total",
    payment: "Paiement",
    link: "Cette recharge sur le portail",
    code: "Code QR qui mène à cette recharge sur le portail",
    logo: "Logo du vendeur",
};

const ES: Words = Words {
    receipt: "Recibo",
    number: "Número de recibo",
    issued: "Fecha de emisión",
    corrects: "Rectifica el recibo",
    seller: "Vendedor",
    buyer: "Cliente",
    vat_id: "NIF-IVA",
    session: "Recarga",
    place: "Lugar",
    address: "Dirección",
    evse_id: "ID de EVSE",
    charge_point: "Cargador",
    connector: "Conector",
    card: "Tarjeta de recarga",
    started: "Comienzo",
    ended: "Fin",
    energy: "Energía",
    description: "Descripción",
    quantity: "Cantidad",
    unit_price: "Precio unitario",
    amount: "Importe",
    subtotal: "Subtotal",
    total: "Total",
    payment: "Pago",
    link: "Esta recarga en el portal",
    code: "Código QR que lleva a esta recarga en el portal",
    logo: "Logotipo del vendedor",
};
