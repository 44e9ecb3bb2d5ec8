//! Numbers in groups of three digits.

use fluent_bundle::FluentValue;

/// `1234567` with a mark between the groups: `1,234,567`.
pub(super) fn grouped(number: u64, mark: char) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

fn format(value: &FluentValue<'_>, mark: char) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let whole = number.value.trunc();
    // Counts only: what is negative, broken or too great stays as it is written.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "in range: the condition says so"
    )]
    let counted = (whole == number.value && (0.0..9e15).contains(&whole)).then_some(whole as u64);
    counted.map(|counted| grouped(counted, mark))
}

/// For languages that write 1,234.
pub(super) fn with_commas<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    format(value, ',')
}

/// For languages that write 1.234.
pub(super) fn with_dots<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    format(value, '.')
}
