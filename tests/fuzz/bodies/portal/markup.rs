//! What a page may be made of: nothing that somebody typed is among it.

/// The elements of our pages.
const ELEMENTS: [&str; 40] = [
    "a", "abbr", "body", "br", "button", "circle", "dd", "details", "div", "dl", "dt", "em",
    "fieldset", "footer", "form", "h1", "h2", "h3", "head", "header", "html", "input", "label",
    "legend", "li", "link", "main", "meta", "nav", "noscript", "ol", "p", "script", "section",
    "span", "strong", "summary", "textarea", "title", "ul",
];

/// Where links and forms lead, and what is fetched.
const LEADING: [&str; 3] = ["href", "action", "src"];

/// A whole page: known elements only, no code in it, nothing from elsewhere.
pub fn assert_page(page: &str) {
    assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"), "{page}");
    assert!(!page.chars().any(|letter| letter.is_control() && letter != '\n'), "{page:?}");
    let mut rest = page.strip_prefix("<!DOCTYPE html>").unwrap_or(page);
    while let Some((_, after)) = rest.split_once('<') {
        rest = element(after);
    }
}

/// Checks the element that begins here; what comes after it.
fn element(text: &str) -> &str {
    let bare = text.strip_prefix('/').unwrap_or(text);
    let end = bare.find(|it: char| !it.is_ascii_alphanumeric()).unwrap_or(bare.len());
    let (name, mut rest) = bare.split_at(end);
    assert!(ELEMENTS.contains(&name), "<{name} in {text}");
    let mut fetched = false;
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('>') {
            assert!(name != "script" || fetched || text.starts_with('/'), "a script in the page");
            return after;
        }
        let end = rest.find(|it: char| !it.is_ascii_lowercase() && it != '-').unwrap_or(rest.len());
        let (attribute, after) = rest.split_at(end);
        assert!(!attribute.is_empty(), "<{text}");
        assert!(!attribute.starts_with("on") && attribute != "style", "{attribute}");
        rest = after;
        let Some(quoted) = after.strip_prefix("=\"") else { continue };
        let (value, after) = quoted.split_once('"').expect("the value ends");
        if LEADING.contains(&attribute) {
            assert_leads_home(value);
        }
        fetched |= attribute == "src";
        rest = after;
    }
}

fn assert_leads_home(address: &str) {
    let within = ["#", "?"].iter().any(|start| address.starts_with(start));
    let here =
        address.starts_with('/') && !address.starts_with("//") && !address.starts_with("/\\");
    let reached = address.starts_with("tel:") || address.starts_with("mailto:");
    assert!(within || here || reached, "{address}");
}
