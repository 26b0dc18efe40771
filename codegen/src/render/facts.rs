//! The catalog tables of a service.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::model::{
    Action, Bounds, Enumeration, Member, Pattern, Preset, Rule, Service, Shape, Statement, Structure, Type, When,
    constant,
};
use crate::spec;

pub(crate) fn items(service: &Service) -> Vec<TokenStream> {
    let Service { name, title, docs, url, .. } = service;
    let actions = service.actions.iter().map(|action| format_ident!("{}", constant(&action.type_name)));
    let mut items = vec![
        quote!(
            use ::sfn_tasks::catalog::*;
        ),
        quote! {
            /// The facts of this service.
            pub static SERVICE: Service = Service {
                name: #name,
                title: #title,
                docs: #docs,
                url: #url,
                actions: &[#(&#actions),*],
            };
        },
    ];
    for it in &service.actions {
        items.push(action(service, it));
        items.push(structure(&it.structure, &format!("{}_PARAMETERS", constant(&it.type_name))));
    }
    items.extend(service.types.iter().map(|kind| match kind {
        Type::Enumeration(it) => enumeration(it),
        Type::Structure(it) => structure(it, &constant(&it.name)),
    }));
    items
}

fn action(service: &Service, action: &Action) -> TokenStream {
    let Action { name, docs, url, .. } = action;
    let service_name = &service.name;
    let ident = format_ident!("{}", constant(&action.type_name));
    let parameters = format_ident!("{}_PARAMETERS", constant(&action.type_name));
    let patterns = action.patterns.iter().map(pattern);
    let resource_member = option(action.resource_member.as_ref());
    let body_member = option(action.body_member.as_ref());
    let retry = action.retry.iter().map(retry);
    let errors = action.errors.iter().map(|(name, docs)| quote!(ErrorName { name: #name, docs: #docs }));
    quote! {
        pub(super) static #ident: Action = Action {
            service: #service_name,
            name: #name,
            docs: #docs,
            url: #url,
            patterns: &[#(#patterns),*],
            parameters: &#parameters,
            resource_member: #resource_member,
            body_member: #body_member,
            retry: &[#(#retry),*],
            errors: &[#(#errors),*],
        };
    }
}

fn pattern(pattern: &Pattern) -> TokenStream {
    let Pattern { resource, url, token_in, result, .. } = pattern;
    let variant = format_ident!(
        "{}",
        match pattern.key.as_str() {
            "sync" => "Sync",
            "sync:2" => "Sync2",
            "waitForTaskToken" => "WaitForTaskToken",
            _ => "RequestResponse",
        }
    );
    let statements = pattern.statements.iter().map(statement);
    quote! {
        PatternSupport {
            pattern: Pattern::#variant,
            resource: #resource,
            url: #url,
            token_in: &[#(#token_in),*],
            statements: &[#(#statements),*],
            result: &[#(#result),*],
        }
    }
}

fn statement(statement: &Statement) -> TokenStream {
    let Statement { actions, resources, why, url, .. } = statement;
    let conditions = statement.conditions.iter().map(|(operator, key, value)| quote!((#operator, #key, #value)));
    let when = option(statement.when.as_ref());
    let unless = option(statement.unless.as_ref());
    let mut reason = statement.reason.clone();
    if let Some(first) = reason.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let reason = format_ident!("{reason}");
    quote! {
        Statement {
            actions: &[#(#actions),*],
            resources: &[#(#resources),*],
            conditions: &[#(#conditions),*],
            when: #when,
            unless: #unless,
            reason: Reason::#reason,
            why: #why,
            url: #url,
        }
    }
}

fn retry(retry: &spec::Retry) -> TokenStream {
    let spec::Retry { error_equals, backoff_rate, why, url, .. } = retry;
    let interval_seconds = Literal::u64_unsuffixed(retry.interval_seconds);
    let max_attempts = Literal::u64_unsuffixed(retry.max_attempts);
    let backoff_rate = Literal::f64_unsuffixed(*backoff_rate);
    quote! {
        Retry {
            error_equals: &[#(#error_equals),*],
            interval_seconds: #interval_seconds,
            max_attempts: #max_attempts,
            backoff_rate: #backoff_rate,
            why: #why,
            url: #url,
        }
    }
}

fn structure(structure: &Structure, name: &str) -> TokenStream {
    let ident = format_ident!("{name}");
    let Structure { name, union, .. } = structure;
    let members = structure.members.iter().map(member);
    let rules = structure.rules.iter().map(rule);
    quote! {
        pub(super) static #ident: Structure =
            Structure { name: #name, members: &[#(#members),*], union: #union, rules: &[#(#rules),*] };
    }
}

fn member(member: &Member) -> TokenStream {
    let Member { name, docs, required, .. } = member;
    let shape = shape(&member.shape);
    let preset = option(member.preset.as_ref().map(|preset| match preset {
        Preset::Constant { json, why, url } => {
            quote!(Preset { value: PresetValue::Constant(#json), why: #why, url: #url })
        }
        Preset::Expression { json_path, jsonata, why, url } => quote! {
            Preset {
                value: PresetValue::Expression { json_path: #json_path, jsonata: #jsonata },
                why: #why,
                url: #url,
            }
        },
    }));
    quote!(Member { name: #name, docs: #docs, required: #required, shape: #shape, preset: #preset })
}

fn shape(value: &Shape) -> TokenStream {
    match value {
        Shape::String { length, pattern, .. } => {
            let (min_length, max_length) = whole_bounds(length);
            let pattern = option(pattern.as_ref());
            quote!(Shape::String(StringShape { min_length: #min_length, max_length: #max_length, pattern: #pattern }))
        }
        Shape::Integer { range, unit } => {
            let (minimum, maximum) = range_bounds(range);
            let unit = option(unit.as_ref());
            quote!(Shape::Integer(NumberShape { minimum: #minimum, maximum: #maximum, unit: #unit }))
        }
        Shape::Number { range } => {
            let (minimum, maximum) = range_bounds(range);
            quote!(Shape::Number(NumberShape { minimum: #minimum, maximum: #maximum, unit: None }))
        }
        Shape::Boolean => quote!(Shape::Boolean),
        Shape::Timestamp => quote!(Shape::Timestamp),
        Shape::Blob => quote!(Shape::Blob),
        Shape::Json => quote!(Shape::Json),
        Shape::List { items, count } => {
            let items = shape(items);
            let (min_items, max_items) = whole_bounds(count);
            quote!(Shape::List(&ListShape { items: #items, min_items: #min_items, max_items: #max_items }))
        }
        Shape::Map { values, count } => {
            let values = shape(values);
            let (min_items, max_items) = whole_bounds(count);
            quote!(Shape::Map(&MapShape { values: #values, min_items: #min_items, max_items: #max_items }))
        }
        Shape::Enumeration(name) => {
            let ident = format_ident!("{}", constant(name));
            quote!(Shape::Enum(&#ident))
        }
        Shape::Structure(name) => {
            let ident = format_ident!("{}", constant(name));
            quote!(Shape::Structure(&#ident))
        }
    }
}

fn enumeration(enumeration: &Enumeration) -> TokenStream {
    let ident = format_ident!("{}", constant(&enumeration.name));
    let name = &enumeration.name;
    let values = enumeration.values.iter().map(|(value, docs)| quote!((#value, #docs)));
    quote! {
        pub(super) static #ident: Enumeration = Enumeration { name: #name, values: &[#(#values),*] };
    }
}

fn rule(rule: &Rule) -> TokenStream {
    let Rule { members, message, .. } = rule;
    let mut demand = rule.demand.to_owned();
    if let Some(first) = demand.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let demand = format_ident!("{demand}");
    let when = rule.when.iter().map(|when| match when {
        When::Present(member) => quote!(When::Present(#member)),
        When::Absent(member) => quote!(When::Absent(#member)),
        When::Equals(member, value) => quote!(When::Equals(#member, #value)),
    });
    quote!(Rule { when: &[#(#when),*], demand: Demand::#demand(&[#(#members),*]), message: #message })
}

fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}

fn whole_bounds(bounds: &Bounds<u64>) -> (TokenStream, TokenStream) {
    let bound = |value: Option<u64>| option(value.map(Literal::u64_unsuffixed));
    (bound(bounds.min), bound(bounds.max))
}

fn range_bounds(bounds: &Bounds<f64>) -> (TokenStream, TokenStream) {
    let bound = |value: Option<f64>| match value {
        // A negative number is two tokens.
        Some(value) if value < 0.0 => {
            let value = Literal::f64_unsuffixed(-value);
            quote!(Some(-#value))
        }
        value => option(value.map(Literal::f64_unsuffixed)),
    };
    (bound(bounds.min), bound(bounds.max))
}
