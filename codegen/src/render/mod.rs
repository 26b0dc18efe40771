//! Writes the model down as Rust. Nothing is decided here.

mod action;
mod docs;
mod enumeration;
mod example;
mod facts;
mod index;
mod items;
mod kinds;
mod result;
mod setter;
mod structure;

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::{Service, Type};
pub(crate) use index::index;

/// A file to be written, its path relative to the output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path, with `/`.
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
    let mut items = vec![
        imports(service),
        quote!(
            pub use super::facts::#facts as SERVICE;
        ),
    ];
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

/// Only what the module uses, so that nothing has to be allowed.
fn imports(service: &Service) -> TokenStream {
    let structures = service.types.iter().filter_map(|kind| match kind {
        Type::Structure(it) if it.custom.is_none() => Some(it),
        _ => None,
    });
    let structures: Vec<_> = structures.chain(service.actions.iter().map(|action| &action.structure)).collect();
    let has_structures = service.types.iter().any(|kind| matches!(kind, Type::Structure(it) if it.custom.is_none()));
    let members = || structures.iter().flat_map(|it| &it.members);
    let typestate = structures.iter().any(|it| it.required().next().is_some());

    let mut task = BTreeSet::from(["Integration", "Parameters"]);
    task.extend(typestate.then_some(["IsSet", "Set"]).into_iter().flatten());
    let mut value = kinds::used(members().map(|member| &member.shape));
    value.insert("Payload");
    value.extend(has_structures.then_some(["ReferenceForm", "Value"]).into_iter().flatten());

    let map = members().any(|member| kinds::uses_map(&member.shape)).then(|| {
        quote!(
            use std::collections::BTreeMap;
        )
    });
    let marker = typestate.then(|| {
        quote!(
            use std::marker::PhantomData;
        )
    });
    let task = task.into_iter().map(|name| format_ident!("{name}"));
    let value = value.into_iter().map(|name| format_ident!("{name}"));
    quote! {
        #map
        #marker
        use ::sfn_tasks::catalog::Action;
        use ::sfn_tasks::task::{#(#task),*};
        use ::sfn_tasks::value::{#(#value),*};
    }
}
