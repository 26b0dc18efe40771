//! Builders of APIs.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::{docs, example, kinds, structure};
use crate::model::{Action, Service, constant};

/// `index` is the place of the API among those of its service.
pub(crate) fn items(service: &Service, action: &Action, index: usize, module_path: Option<&str>) -> Vec<TokenStream> {
    let example = action.examples.first().map(|it| example::docs(action, it, module_path));
    let mut items =
        structure::builder(&action.structure, &action.custom, &docs::of_action(&service.name, action, example));
    items.extend(integration(action, index));
    items.extend(action.examples.iter().skip(1).map(|it| more_example(action, it, module_path)));
    items
}

/// The traits: only a complete builder is an integration, and only a supported pattern has its trait. Those of the
/// patterns are named by their paths, as an API may have such a name itself.
fn integration(action: &Action, index: usize) -> Vec<TokenStream> {
    let ident = kinds::named(&action.type_name);
    let index = Literal::usize_unsuffixed(index);
    let parameters = structure::parameters(&action.structure);
    let (complete, any, full) = if parameters.is_empty() {
        (quote!(), quote!(), quote!(#ident))
    } else {
        (
            quote!(<#(#parameters: ::sfn_tasks::task::IsSet),*>),
            quote!(<#(#parameters),*>),
            quote!(#ident<#(#parameters),*>),
        )
    };
    let has = |key: &str| action.patterns.iter().any(|pattern| pattern.key == key);
    let mut items = vec![quote! {
        impl #complete ::sfn_tasks::task::Integration for #full {
            fn action() -> &'static ::sfn_tasks::catalog::Action {
                SERVICE.actions[#index]
            }

            fn into_parameters(self) -> ::sfn_tasks::task::Parameters {
                self.parameters
            }
        }
    }];
    if has("sync") || has("sync:2") {
        items.push(quote!(impl #any ::sfn_tasks::task::RunJob for #full {}));
    }
    if has("sync") && has("sync:2") {
        items.push(quote!(impl #any ::sfn_tasks::task::RunJobWithTextOutput for #full {}));
    }
    if has("waitForTaskToken") {
        items.push(quote!(impl #any ::sfn_tasks::task::WaitForTaskToken for #full {}));
    }
    items
}

/// The further examples stand on an `impl` block of their own, one after the other on the builder's page.
fn more_example(action: &Action, it: &crate::model::Example, module_path: Option<&str>) -> TokenStream {
    let ident = kinds::named(&action.type_name);
    let markers = action.structure.required().map(|_| quote!(::sfn_tasks::task::Set));
    let full =
        if action.structure.required().next().is_none() { quote!(#ident) } else { quote!(#ident<#(#markers),*>) };
    let docs = docs::attributes(&format!("{}:\n\n{}", it.title, example::docs(action, it, module_path)));
    quote! {
        #docs
        impl #full {}
    }
}

/// The names of the errors of all APIs of a service, as a module. They are in every build: they are facts, and so that
/// no two services bring a module of the same name under a glob import, they stand beside the modules of the builders.
pub(crate) fn errors(service: &Service) -> Option<TokenStream> {
    let mut errors: Vec<&(String, String)> = service.actions.iter().flat_map(|action| &action.errors).collect();
    errors.sort();
    errors.dedup_by(|a, b| a.0 == b.0);
    if errors.is_empty() {
        return None;
    }
    let mut taken = BTreeSet::new();
    let constants = errors.iter().map(|(name, text)| {
        let ident = format_ident!("{}", error_constant(name, &mut taken));
        let docs = docs::attributes(&format!("`{name}`: {text}"));
        quote! {
            #docs
            pub const #ident: &str = #name;
        }
    });
    let docs = docs::attributes(&format!("Errors of {} that a state can retry or catch.", service.title));
    let module = format_ident!("{}", service.module);
    Some(quote! {
        #docs
        pub mod #module {
            #(#constants)*
        }
    })
}

/// The constant of an error: its name without the prefix, or what it takes to be unlike those before it.
fn error_constant(name: &str, taken: &mut BTreeSet<String>) -> String {
    let short = name.split_once('.').map_or(name, |(_, short)| short);
    let spelled = |name: &str| {
        let constant = constant(&name.replace('.', "_"));
        // An error that is called by nothing but the status of an HTTP response.
        if constant.starts_with(|first: char| first.is_ascii_digit()) { format!("STATUS_{constant}") } else { constant }
    };
    let numbered = (2..).map(|number: usize| format!("{}_{number}", spelled(name)));
    let mut candidates = [spelled(short), spelled(name)].into_iter().chain(numbered);
    candidates.find(|constant| taken.insert(constant.clone())).unwrap_or_default()
}
