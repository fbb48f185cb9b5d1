//! Long lists in pages, as every List operation of ECS gives them.

use crate::api::refusal::Refusal;

/// The most entries of a page, and the number without `maxResults`. [API ListTasks.maxResults]
pub const MOST: u32 = 100;

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
    let size = max_results.unwrap_or(MOST);
    if !(1..=MOST).contains(&size) {
        return Err(Refusal::invalid_parameter("maxResults must be between 1 and 100.")
            .because(format!("it is {size}"))
            .way_out("leave maxResults away for pages of 100")
            .at(["maxResults"]));
    }
    let start = match next_token {
        None => 0,
        Some(token) => token.strip_prefix("page-").and_then(|n| n.parse::<usize>().ok()).ok_or_else(|| {
            Refusal::invalid_parameter("Invalid token.")
                .because(format!("`{token}` is not a token that an earlier page gave"))
                .way_out("pass the nextToken of the last answer, or none for the first page")
                .at(["nextToken"])
        })?,
    };
    let mut rest = items.skip(start);
    let items: Vec<T> = rest.by_ref().take(size as usize).collect();
    let next_token = rest.next().is_some().then(|| format!("page-{}", start + items.len()));
    Ok(Page { items, next_token })
}
