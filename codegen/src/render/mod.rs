//! Writes the model as Rust. All decisions are made in the model.

mod action;
mod cdk;
mod docs;
mod enumeration;
mod errors;
mod example;
mod facts;
mod index;
mod items;
mod jsonata;
mod kinds;
mod layout;
mod markdown;
mod result;
mod setter;
mod structure;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::{Service, Type};
pub(crate) use index::index;

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path relative to the output folder, with `/`.
    pub path: String,
    /// The text.
    pub text: String,
}

/// The builders of one service.
pub(crate) fn service(service: &Service, module_path: Option<&str>) -> File {
    let Service { module, file, .. } = service;
    let text = items::file(file, &module_docs(service), builders(service, module_path));
    File { path: format!("{module}.rs"), text }
}

/// The facts of one service.
pub(crate) fn facts(service: &Service) -> File {
    File { path: format!("{}.facts", service.module), text: facts::text(service) }
}

fn module_docs(service: &Service) -> String {
    format!("{}: {}\n\nSee [the guide]({}).", service.title, service.docs, service.url)
}

fn builders(service: &Service, module_path: Option<&str>) -> Vec<TokenStream> {
    let facts = format_ident!("{}", index::static_name(service));
    let mut items = vec![quote!(
        pub use super::facts::#facts as SERVICE;
    )];
    if service.has_custom {
        let module = format_ident!("{}", service.module);
        items.push(quote!(#[doc(inline)] pub use crate::custom::#module::*;));
    }
    let module_path = module_path.map(|path| format!("{path}::{}", service.module));
    for (index, it) in service.actions.iter().enumerate() {
        items.extend(action::items(service, it, index, module_path.as_deref()));
    }
    for kind in &service.types {
        match kind {
            Type::Enumeration(it) => items.extend(enumeration::items(it)),
            Type::Structure(it) if it.custom.is_some() => {}
            Type::Structure(it) if it.union => items.extend(structure::union(service, it)),
            Type::Structure(it) => items.extend(structure::items(service, it)),
        }
    }
    items.extend(structure::markers(service));
    items
}
