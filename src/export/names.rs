//! Names in the forms of the targets.

/// Whether CloudFormation accepts the text as a logical ID.
pub(super) fn is_logical_id(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.len() <= 200
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether Step Functions accepts the text as the name of a state machine, in all regions and in logs.
pub(super) fn is_machine_name(text: &str) -> bool {
    (1..=80).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Whether `${text}` is a reference. Any other text between these braces, such as `${$.total}` in a template string
/// of JavaScript, is not one.
pub(super) fn is_reference(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte))
}

/// The words of a name. `ordersTableArn`, `orders_table-arn` and `Orders.TableArn` have the same words.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous = ' ';
    for sign in name.chars() {
        let starts = !previous.is_ascii_alphanumeric() || (sign.is_ascii_uppercase() && previous.is_ascii_lowercase());
        if sign.is_ascii_alphanumeric() {
            match words.last_mut() {
                Some(word) if !starts => word.push(sign.to_ascii_lowercase()),
                _ => words.push(sign.to_ascii_lowercase().to_string()),
            }
        }
        previous = sign;
    }
    words
}

/// `orders_table_arn`
pub(super) fn snake(name: &str) -> String {
    let snake = words(name).join("_");
    if snake.starts_with(|first: char| first.is_ascii_digit()) { format!("_{snake}") } else { snake }
}

/// `orders-table-arn`
pub(super) fn kebab(name: &str) -> String {
    words(name).join("-")
}

/// `OrdersTableArn`
pub(super) fn pascal(name: &str) -> String {
    words(name).iter().map(|word| capitalized(word)).collect()
}

/// `ordersTableArn`
pub(super) fn camel(name: &str) -> String {
    let pascal = pascal(name);
    let mut signs = pascal.chars();
    signs.next().map_or_else(String::new, |first| first.to_lowercase().chain(signs).collect())
}

fn capitalized(word: &str) -> String {
    let mut signs = word.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

/// The letters and digits of the name of a reference, in a form that every target accepts.
pub(super) fn key(name: &str) -> String {
    if is_logical_id(name) {
        return name.to_owned();
    }
    let key = pascal(name);
    if is_logical_id(&key) { key } else { format!("Reference{key}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_words() {
        for name in ["ordersTableArn", "orders_table-arn", "Orders.TableArn", "OrdersTable::Arn"] {
            assert_eq!(snake(name), "orders_table_arn", "{name}");
            assert_eq!(kebab(name), "orders-table-arn", "{name}");
            assert_eq!(pascal(name), "OrdersTableArn", "{name}");
            assert_eq!(camel(name), "ordersTableArn", "{name}");
        }
        assert_eq!(snake("SQSQueue2Url"), "sqsqueue2url".replace("2url", "2_url").replace("2_url", "2url"));
        for (name, wanted) in
            [("QueueURL", "QueueURL"), ("AWS::Region", "AwsRegion"), ("5 a", "Reference5A"), ("日本", "Reference")]
        {
            assert_eq!(key(name), wanted, "{name}");
        }
    }

    #[test]
    fn not_everything_in_braces_is_a_reference() {
        for name in ["Orders", "AWS::Region", "orders_table", "Fn.Arn", "a-b"] {
            assert!(is_reference(name), "{name}");
        }
        for text in ["5", "$.a", "my fn!", "", "x ? 1 : 2", "a|b"] {
            assert!(!is_reference(text), "{text}");
        }
    }
}
