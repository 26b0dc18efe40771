//! The Rust type of a shape in `Value<…>`, and the type parameter of a required member.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::model::{Member, Shape, Structure};

/// The type.
pub(crate) fn of(shape: &Shape) -> TokenStream {
    match shape {
        Shape::List { items, .. } => {
            let items = of(items);
            quote!(::std::vec::Vec<#items>)
        }
        Shape::Map { values, .. } => {
            let values = of(values);
            quote!(::std::collections::BTreeMap<::std::string::String, #values>)
        }
        Shape::Enumeration(name) | Shape::Structure(name) => named(name),
        Shape::String { format: None, .. } => quote!(::std::string::String),
        Shape::Integer { unit: None, .. } => quote!(i64),
        Shape::Number { .. } => quote!(f64),
        Shape::Boolean => quote!(bool),
        other => {
            let ident = format_ident!("{}", of_library(other));
            quote!(::sfn_tasks::value::#ident)
        }
    }
}

/// The trait of a setter's argument, and the method that converts it to a value.
pub(crate) fn argument(shape: &Shape) -> (TokenStream, TokenStream) {
    let kind = of(shape);
    let (name, method) = match shape {
        Shape::Integer { unit: Some(unit), .. } if matches!(unit.as_str(), "MiB" | "GiB") => ("IntoSize", "into_size"),
        Shape::Integer { unit: Some(_), .. } => ("IntoTime", "into_time"),
        _ => ("IntoValue", "into_value"),
    };
    let (name, method) = (format_ident!("{name}"), format_ident!("{method}"));
    (quote!(::sfn_tasks::value::#name<#kind>), quote!(::sfn_tasks::value::#name::#method))
}

/// A type of the module. If its name begins with `Has`, it is qualified, because a type parameter could hide it.
pub(crate) fn named(name: &str) -> TokenStream {
    let ident = format_ident!("{name}");
    if name.starts_with("Has") { quote!(self::#ident) } else { quote!(#ident) }
}

/// The library's marker type for such a value.
fn of_library(shape: &Shape) -> &'static str {
    match shape {
        Shape::String { format: Some(format), .. } if format == "number" => "NumberText",
        Shape::Timestamp => "Timestamp",
        Shape::Blob => "Blob",
        Shape::Integer { unit: Some(unit), .. } => match unit.as_str() {
            "milliseconds" => "Milliseconds",
            "seconds" => "Seconds",
            "minutes" => "Minutes",
            "hours" => "Hours",
            "days" => "Days",
            "MiB" => "Mebibytes",
            _ => "Gibibytes",
        },
        _ => "Payload",
    }
}

/// The name of a builder's type parameter for a required member. No type has this name.
pub(crate) fn parameter(structure: &Structure, member: &Member) -> Ident {
    let name = format!("Has{}", member.marker.trim_matches('_'));
    // The builder itself can have this name.
    if name == structure.name { format_ident!("{name}_") } else { format_ident!("{name}") }
}
