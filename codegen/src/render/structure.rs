//! Builders of structures and unions.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::{docs, facts, kinds, setter};
use crate::model::{Custom, Service, Structure, Type};

/// The names of a builder's type parameters, one for each required member.
pub(crate) fn parameters(structure: &Structure) -> Vec<Ident> {
    structure.required().map(|member| kinds::parameter(structure, member)).collect()
}

/// The builder: the struct, `new` and the setters.
pub(crate) fn builder(structure: &Structure, custom: &[Custom], docs: &str, aliases: &[String]) -> Vec<TokenStream> {
    let docs = docs::attributes(docs);
    let aliases = quote!(#(#[doc(alias = #aliases)])*);
    let (ident, at) = (format_ident!("{}", structure.name), kinds::named(&structure.name));
    let parameters = parameters(structure);
    let missing: Vec<_> = structure.required().map(|member| format_ident!("{}", member.marker)).collect();
    let owned = |name: &String| custom.iter().any(|custom| custom.sets.contains(name));
    let setters = structure
        .members
        .iter()
        .filter(|member| !member.fixed && !owned(&member.name))
        .map(|member| setter::of_member(structure, member));
    let custom_setters = custom.iter().map(|custom| setter::of_custom(structure, custom));
    let (definition, new, generics, escape) = if parameters.is_empty() {
        (
            quote!(pub struct #ident { parameters: ::sfn_tasks::task::Parameters }),
            quote! {
                impl #at {
                    /// Creates a builder without any parameters.
                    pub fn new() -> Self {
                        Self { parameters: ::sfn_tasks::task::Parameters::new() }
                    }
                }
                impl ::std::default::Default for #at {
                    fn default() -> Self {
                        Self::new()
                    }
                }
            },
            (quote!(), quote!(#at)),
            quote!(Self { parameters: self.parameters.set_deliberately(name, value) }),
        )
    } else {
        (
            quote! {
                pub struct #ident<#(#parameters = ::sfn_tasks::task::Set),*> {
                    parameters: ::sfn_tasks::task::Parameters,
                    required: ::std::marker::PhantomData<(#(#parameters,)*)>,
                }
            },
            quote! {
                impl #at<#(missing::#missing),*> {
                    /// Creates a builder without any parameters.
                    pub fn new() -> Self {
                        Self { parameters: ::sfn_tasks::task::Parameters::new(), required: ::std::marker::PhantomData }
                    }
                }
                impl ::std::default::Default for #at<#(missing::#missing),*> {
                    fn default() -> Self {
                        Self::new()
                    }
                }
            },
            (quote!(<#(#parameters),*>), quote!(#at<#(#parameters),*>)),
            quote!(Self {
                parameters: self.parameters.set_deliberately(name, value),
                required: ::std::marker::PhantomData
            }),
        )
    };
    let (generics, full) = generics;
    let must_use = "a builder does nothing until it is passed to a task";
    vec![
        quote! {
            #docs
            #aliases
            #[derive(Debug, Clone, PartialEq)]
            #[must_use = #must_use]
            #definition
        },
        new,
        quote! {
            impl #generics #full {
                #(#setters)*
                #(#custom_setters)*

                /// Sets any member by its name, such as a parameter or a value that AWS has added recently. The checker
                /// reports an unknown name or value as a warning, not as an error.
                pub fn parameter(self, name: impl ::std::convert::Into<::std::string::String>, value: impl ::sfn_tasks::value::IntoPayload) -> Self {
                    let name: ::std::string::String = name.into();
                    #escape
                }
            }
        },
    ]
}

/// A structure as the value of a parameter.
pub(crate) fn items(service: &Service, structure: &Structure) -> Vec<TokenStream> {
    let at = kinds::named(&structure.name);
    let facts = Literal::usize_unsuffixed(facts::structure_index(service, &structure.name));
    let parameters = parameters(structure);
    let (generics, full) = if parameters.is_empty() {
        (quote!(), quote!(#at))
    } else {
        (quote!(<#(#parameters: ::sfn_tasks::task::IsSet),*>), quote!(#at<#(#parameters),*>))
    };
    let mut items = builder(structure, &[], &docs::of_structure(structure), &[]);
    items.push(quote! {
        impl ::sfn_tasks::value::ReferenceForm for #at {
            const QUOTED: bool = false;
        }
    });
    items.push(quote! {
        #[doc(hidden)]
        impl #generics ::sfn_tasks::value::IntoValue<#at> for #full {
            fn into_value(self) -> ::sfn_tasks::value::Value<#at> {
                ::sfn_tasks::value::Value::unchecked(self.parameters.into_payload(SERVICE.structure(#facts)))
            }
        }
    });
    items
}

/// A union: a constructor for each member.
pub(crate) fn union(service: &Service, structure: &Structure) -> Vec<TokenStream> {
    let (ident, at) = (format_ident!("{}", structure.name), kinds::named(&structure.name));
    let docs = docs::attributes(&docs::of_structure(structure));
    let constructors = structure.members.iter().map(|member| {
        let docs = docs::attributes(&docs::of_member(member));
        let method = format_ident!("{}", member.setter);
        let (bound, convert) = kinds::argument(&member.shape);
        let name = &member.name;
        quote! {
            #docs
            pub fn #method(value: impl #bound) -> Self {
                Self { parameters: ::sfn_tasks::task::Parameters::new().set(#name, #convert(value)) }
            }
        }
    });
    let facts = Literal::usize_unsuffixed(facts::structure_index(service, &structure.name));
    vec![
        quote! {
            #docs
            #[derive(Debug, Clone, PartialEq)]
            #[must_use = "a value does nothing until it is passed to a builder"]
            pub struct #ident { parameters: ::sfn_tasks::task::Parameters }
        },
        quote!(impl #at { #(#constructors)* }),
        quote! {
            impl ::sfn_tasks::value::ReferenceForm for #at {
                const QUOTED: bool = false;
            }
        },
        quote! {
            #[doc(hidden)]
            impl ::sfn_tasks::value::IntoValue<#at> for #at {
                fn into_value(self) -> ::sfn_tasks::value::Value<#at> {
                    ::sfn_tasks::value::Value::unchecked(self.parameters.into_payload(SERVICE.structure(#facts)))
                }
            }
        },
    ]
}

/// The markers, shared by all builders of the module.
pub(crate) fn markers(service: &Service) -> Option<TokenStream> {
    let structures = service.types.iter().filter_map(|kind| match kind {
        Type::Structure(it) if it.custom.is_none() => Some(it),
        _ => None,
    });
    let all = structures.chain(service.actions.iter().map(|action| &action.structure));
    let names: BTreeSet<String> = all.flat_map(|it| it.required().map(|member| member.marker.clone())).collect();
    if names.is_empty() {
        return None;
    }
    let docs = names.iter().map(|name| format!(" `{name}` is not set."));
    let names = names.iter().map(|name| format_ident!("{name}"));
    Some(quote! {
        /// Markers in the type of a builder for required parameters that are not set yet. With them, a function can accept or
        /// return an incomplete builder.
        pub mod missing {
            #(
                #[doc = #docs]
                #[derive(Debug, Clone, PartialEq)]
                pub enum #names {}
            )*
        }
    })
}
