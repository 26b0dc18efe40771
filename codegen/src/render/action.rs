//! Builders of APIs.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::{cdk, docs, errors, example, kinds, structure};
use crate::model::{Action, Service};

/// `index` is the position of the API in its service.
pub(crate) fn items(service: &Service, action: &Action, index: usize, module_path: Option<&str>) -> Vec<TokenStream> {
    let examples = example::all(service, action, module_path);
    let text = docs::of_action(service, action, &examples);
    let mut items = structure::builder(&action.structure, &action.custom, &text, &cdk::aliases(service, action));
    items.extend(integration(action, index));
    items
}

/// The traits: only a complete builder is an integration, and only supported patterns have their trait. The traits of
/// patterns have full paths, because an API can have the same name.
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

/// The module with the names of the errors of a service. It is in every build, because the names are facts. It is next to
/// the modules of the builders, so that glob imports of two services do not conflict.
pub(crate) fn errors(service: &Service) -> Option<TokenStream> {
    let constants = errors::constants(service);
    if constants.is_empty() {
        return None;
    }
    let constants = constants.iter().map(|(name, (constant, text))| {
        let ident = format_ident!("{constant}");
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
