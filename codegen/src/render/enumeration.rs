//! Enums.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs;
use crate::model::Enumeration;

pub(crate) fn items(enumeration: &Enumeration) -> Vec<TokenStream> {
    let ident = format_ident!("{}", enumeration.name);
    let docs = docs::attributes(&docs::of_type(&enumeration.docs, enumeration.url.as_deref()));
    let variants: Vec<_> = enumeration.variants().iter().map(|it| format_ident!("{it}")).collect();
    let variant_docs = enumeration.values.iter().map(|(value, docs)| match docs.as_str() {
        "" => docs::attributes(&format!("`{value}`.")),
        docs => docs::attributes(&format!("`{value}`: {docs}")),
    });
    let values = enumeration.values.iter().map(|(value, _)| value);
    vec![
        quote! {
            #docs
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            #[non_exhaustive]
            pub enum #ident {
                #(#variant_docs #variants,)*
            }
        },
        quote!(::sfn_tasks::value::choices!(#ident { #(#variants = #values),* });),
    ]
}
