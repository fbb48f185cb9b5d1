//! Long lists in pages, as every List operation of ECS and IAM gives them.

use crate::api::refusal::Refusal;

/// The most entries of a page, and the number without `maxResults`. [API ListTasks.maxResults]
pub const MOST: u32 = 100;

/// How a service names the two members of a request for a page.
pub(crate) struct Style {
    size: &'static str,
    token: &'static str,
    most: u32,
    usual: u32,
    code: &'static str,
}

const ECS: Style =
    Style { size: "maxResults", token: "nextToken", most: MOST, usual: MOST, code: "InvalidParameterException" };

/// IAM's: 100 entries unless the request says otherwise, up to 1000. [IAM API ListRoles]
pub(crate) const IAM: Style =
    Style { size: "MaxItems", token: "Marker", most: 1000, usual: 100, code: "ValidationError" };

/// One page of a list, and the token of the next one.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next_token: Option<String>,
}

/// Cuts the page that `maxResults` and `nextToken` ask for.
pub(crate) fn page<T>(
    items: impl Iterator<Item = T>,
    max_results: Option<u32>,
    next_token: Option<&str>,
) -> Result<Page<T>, Refusal> {
    page_in(&ECS, items, max_results, next_token)
}

/// Cuts a page as another service than ECS asks for it.
pub(crate) fn page_in<T>(
    style: &Style,
    items: impl Iterator<Item = T>,
    size: Option<u32>,
    token: Option<&str>,
) -> Result<Page<T>, Refusal> {
    let Style { size: size_name, token: token_name, most, usual, code } = *style;
    let size = size.unwrap_or(usual);
    if !(1..=most).contains(&size) {
        return Err(Refusal::new(code, format!("{size_name} must be between 1 and {most}."))
            .because(format!("it is {size}"))
            .way_out(format!("leave {size_name} away for pages of {usual}"))
            .at([size_name]));
    }
    let start = match token {
        None => 0,
        Some(token) => token.strip_prefix("page-").and_then(|n| n.parse::<usize>().ok()).ok_or_else(|| {
            Refusal::new(code, "Invalid token.")
                .because(format!("`{token}` is not a token that an earlier page gave"))
                .way_out(format!("pass the {token_name} of the last answer, or none for the first page"))
                .at([token_name])
        })?,
    };
    let mut rest = items.skip(start);
    let items: Vec<T> = rest.by_ref().take(size as usize).collect();
    let next_token = rest.next().is_some().then(|| format!("page-{}", start + items.len()));
    Ok(Page { items, next_token })
}
