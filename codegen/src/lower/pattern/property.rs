//! Unicode properties that ECMA-262 and the `regex` crate have in common, by the names that ECMA-262 has for them.
//! The `regex` crate is more lenient about names, so a pattern that it takes may be an error in a browser.

/// Whether `\p{name}` means the same in both languages.
pub fn is_portable(name: &str) -> bool {
    match name.split_once('=') {
        Some(("General_Category" | "gc", value)) => CATEGORIES.contains(&value),
        Some(("Script" | "sc" | "Script_Extensions" | "scx", value)) => is_script(value),
        Some(_) => false,
        None => CATEGORIES.contains(&name) || BINARY.contains(&name),
    }
}

/// A script's name is one where it is written as in the Unicode Standard, and the `regex` crate knows it.
fn is_script(value: &str) -> bool {
    let words_are_capital = value.split('_').all(|word| {
        word.starts_with(|first: char| first.is_ascii_uppercase()) && word.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    let exception = ["Nko", "Phags_Pa", "SignWriting"].contains(&value);
    let inner_capital = value.split('_').any(|word| word.bytes().skip(1).any(|byte| byte.is_ascii_uppercase()));
    words_are_capital
        && (!inner_capital || exception)
        && regex::Regex::new(&format!(r"\p{{Script={value}}}")).is_ok()
}

/// ECMA-262, "Value aliases and canonical values for the Unicode property `General_Category`".
const CATEGORIES: &[&str] = &[
    "Cased_Letter", "LC", "Close_Punctuation", "Pe", "Connector_Punctuation", "Pc", "Control", "Cc", "cntrl",
    "Currency_Symbol", "Sc", "Dash_Punctuation", "Pd", "Decimal_Number", "Nd", "digit", "Enclosing_Mark", "Me",
    "Final_Punctuation", "Pf", "Format", "Cf", "Initial_Punctuation", "Pi", "Letter", "L", "Letter_Number", "Nl",
    "Line_Separator", "Zl", "Lowercase_Letter", "Ll", "Mark", "M", "Combining_Mark", "Math_Symbol", "Sm",
    "Modifier_Letter", "Lm", "Modifier_Symbol", "Sk", "Nonspacing_Mark", "Mn", "Number", "N", "Open_Punctuation", "Ps",
    "Other", "C", "Other_Letter", "Lo", "Other_Number", "No", "Other_Punctuation", "Po", "Other_Symbol", "So",
    "Paragraph_Separator", "Zp", "Private_Use", "Co", "Punctuation", "P", "punct", "Separator", "Z", "Space_Separator",
    "Zs", "Spacing_Mark", "Mc", "Symbol", "S", "Titlecase_Letter", "Lt", "Unassigned", "Cn", "Uppercase_Letter", "Lu",
];

/// ECMA-262, "Binary Unicode property aliases and their canonical property names", those that the `regex` crate has.
const BINARY: &[&str] = &[
    "ASCII", "Alphabetic", "Alpha", "Any", "Assigned", "Bidi_Control", "Bidi_C", "Case_Ignorable", "CI", "Cased",
    "Changes_When_Casefolded", "CWCF", "Changes_When_Casemapped", "CWCM", "Changes_When_Lowercased", "CWL",
    "Changes_When_Titlecased", "CWT", "Changes_When_Uppercased", "CWU", "Dash", "Default_Ignorable_Code_Point", "DI",
    "Deprecated", "Dep", "Diacritic", "Dia", "Emoji", "Emoji_Component", "EComp", "Emoji_Modifier", "EMod",
    "Emoji_Modifier_Base", "EBase", "Emoji_Presentation", "EPres", "Extended_Pictographic", "ExtPict", "Extender",
    "Ext", "Grapheme_Base", "Gr_Base", "Grapheme_Extend", "Gr_Ext", "Hex_Digit", "Hex", "IDS_Binary_Operator", "IDSB",
    "IDS_Trinary_Operator", "IDST", "ID_Continue", "IDC", "ID_Start", "IDS", "Ideographic", "Ideo", "Join_Control",
    "Join_C", "Logical_Order_Exception", "LOE", "Lowercase", "Lower", "Math", "Noncharacter_Code_Point", "NChar",
    "Pattern_Syntax", "Pat_Syn", "Pattern_White_Space", "Pat_WS", "Quotation_Mark", "QMark", "Radical",
    "Regional_Indicator", "RI", "Sentence_Terminal", "STerm", "Soft_Dotted", "SD", "Terminal_Punctuation", "Term",
    "Unified_Ideograph", "UIdeo", "Uppercase", "Upper", "Variation_Selector", "VS", "White_Space", "space",
    "XID_Continue", "XIDC", "XID_Start", "XIDS",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_is_one_of_the_regex_crate() {
        for name in CATEGORIES.iter().chain(BINARY) {
            let pattern = format!(r"\p{{{name}}}");
            assert!(regex::Regex::new(&pattern).is_ok(), "{pattern}");
        }
    }
}
