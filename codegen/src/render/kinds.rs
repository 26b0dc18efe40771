//! The Rust type that stands for a shape in `Value<…>`.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::Shape;

/// The type.
pub(crate) fn of(shape: &Shape) -> TokenStream {
    match shape {
        Shape::List { items, .. } => {
            let items = of(items);
            quote!(Vec<#items>)
        }
        Shape::Map { values, .. } => {
            let values = of(values);
            quote!(BTreeMap<String, #values>)
        }
        Shape::Enumeration(name) | Shape::Structure(name) => {
            let ident = format_ident!("{name}");
            quote!(#ident)
        }
        Shape::String { format: None, .. } => quote!(String),
        Shape::Integer { unit: None, .. } => quote!(i64),
        Shape::Number { .. } => quote!(f64),
        Shape::Boolean => quote!(bool),
        other => {
            let ident = format_ident!("{}", imported(other).unwrap_or("Payload"));
            quote!(#ident)
        }
    }
}

/// What a setter's argument has to be, and what makes a value of it.
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

/// The kind that has to be imported, apart from `Payload`, which every module has.
fn imported(shape: &Shape) -> Option<&'static str> {
    Some(match shape {
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
        _ => return None,
    })
}

/// The kinds that these shapes need imported.
pub(crate) fn used<'s>(shapes: impl Iterator<Item = &'s Shape>) -> BTreeSet<&'static str> {
    shapes.filter_map(|shape| imported(innermost(shape))).collect()
}

pub(crate) fn uses_map(shape: &Shape) -> bool {
    match shape {
        Shape::Map { .. } => true,
        Shape::List { items, .. } => uses_map(items),
        _ => false,
    }
}

fn innermost(shape: &Shape) -> &Shape {
    match shape {
        Shape::List { items: inner, .. } | Shape::Map { values: inner, .. } => innermost(inner),
        other => other,
    }
}
