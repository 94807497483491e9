//! Towns to search around: nobody else is asked where a town is. Petit Monde's partners
//! are in Germany.

use portal_api::{decimal::Decimal, portal::charge_points::Position};

/// By name, and where each is, in hundredths of a degree north and east.
const TOWNS: [(&str, i64, i64); 80] = [
    ("Aachen", 5078, 608),
    ("Augsburg", 4837, 1090),
    ("Bamberg", 4989, 1089),
    ("Bayreuth", 4995, 1158),
    ("Berlin", 5252, 1340),
    ("Bielefeld", 5202, 853),
    ("Bochum", 5148, 722),
    ("Bonn", 5073, 710),
    ("Braunschweig", 5227, 1052),
    ("Bremen", 5308, 880),
    ("Bremerhaven", 5355, 858),
    ("Celle", 5262, 1008),
    ("Chemnitz", 5083, 1292),
    ("Cottbus", 5176, 1433),
    ("Darmstadt", 4987, 865),
    ("Deggendorf", 4884, 1296),
    ("Dessau", 5184, 1224),
    ("Dortmund", 5151, 747),
    ("Dresden", 5105, 1374),
    ("Duisburg", 5143, 676),
    ("Düsseldorf", 5123, 678),
    ("Eisenach", 5098, 1032),
    ("Emden", 5337, 721),
    ("Erfurt", 5098, 1103),
    ("Erlangen", 4960, 1101),
    ("Essen", 5146, 701),
    ("Flensburg", 5478, 944),
    ("Frankfurt (Oder)", 5234, 1455),
    ("Frankfurt am Main", 5011, 868),
    ("Freiburg", 4800, 785),
    ("Friedrichshafen", 4765, 948),
    ("Fulda", 5055, 968),
    ("Gera", 5088, 1208),
    ("Gießen", 5058, 868),
    ("Göttingen", 5154, 992),
    ("Greifswald", 5410, 1338),
    ("Halle (Saale)", 5148, 1197),
    ("Hamburg", 5355, 999),
    ("Hannover", 5237, 973),
    ("Heidelberg", 4940, 869),
    ("Heilbronn", 4914, 922),
    ("Hof", 5032, 1192),
    ("Ingolstadt", 4876, 1142),
    ("Jena", 5093, 1159),
    ("Kaiserslautern", 4944, 777),
    ("Karlsruhe", 4901, 840),
    ("Kassel", 5131, 949),
    ("Kempten", 4773, 1032),
    ("Kiel", 5432, 1014),
    ("Koblenz", 5036, 759),
    ("Köln", 5094, 696),
    ("Konstanz", 4766, 918),
    ("Leipzig", 5134, 1237),
    ("Lübeck", 5387, 1069),
    ("Lüneburg", 5325, 1041),
    ("Magdeburg", 5213, 1162),
    ("Mainz", 4999, 825),
    ("Mannheim", 4949, 847),
    ("München", 4814, 1158),
    ("Münster", 5196, 763),
    ("Neubrandenburg", 5356, 1326),
    ("Nürnberg", 4945, 1108),
    ("Oldenburg", 5314, 821),
    ("Osnabrück", 5228, 805),
    ("Passau", 4857, 1346),
    ("Potsdam", 5240, 1306),
    ("Regensburg", 4902, 1210),
    ("Rosenheim", 4786, 1213),
    ("Rostock", 5409, 1213),
    ("Saarbrücken", 4924, 700),
    ("Schwerin", 5363, 1141),
    ("Siegen", 5087, 802),
    ("Stuttgart", 4878, 918),
    ("Trier", 4975, 664),
    ("Tübingen", 4852, 906),
    ("Ulm", 4840, 999),
    ("Wiesbaden", 5008, 824),
    ("Wolfsburg", 5242, 1079),
    ("Wuppertal", 5126, 718),
    ("Würzburg", 4979, 995),
];

/// Their names, in the order of the alphabet.
pub fn names() -> impl Iterator<Item = &'static str> {
    TOWNS.iter().map(|(name, _, _)| *name)
}

/// Where one of them is.
pub fn position(name: &str) -> Option<Position> {
    let (_, north, east) = TOWNS.iter().find(|(known, _, _)| *known == name)?;
    Some(Position {
        latitude: Decimal::new(*north, 2),
        longitude: Decimal::new(*east, 2),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_town_is_found_once_and_in_germany() {
        for (name, north, east) in TOWNS {
            assert_eq!(names().filter(|other| *other == name).count(), 1, "{name}");
            assert!((4_720..=5_510).contains(&north), "{name}");
            assert!((580..=1_510).contains(&east), "{name}");
            assert!(position(name).is_some());
        }
        assert_eq!(position("Atlantis"), None);
    }
}
