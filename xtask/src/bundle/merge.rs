//! Several modules of the splitting step as one that does the same.
//!
//! They share a memory, a table of functions and at most one variable, and call each
//! other through the table. In one module they call each other by name, which is
//! shorter and lets the optimiser do its work.

use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, FunctionSection, ImportSection,
    Instruction, Module, TypeSection,
    reencode::{Error, Reencode},
};
use wasmparser::{
    DataKind, ElementItems, ElementKind, FuncType, FunctionBody, Import, Operator, Parser, Payload,
};

use crate::failure::{Failure, Result, While};

/// What is in a module.
#[derive(Default)]
struct Parts<'a> {
    types: Vec<FuncType>,
    imports: Vec<Import<'a>>,
    /// The type of each function.
    functions: Vec<u32>,
    bodies: Vec<FunctionBody<'a>>,
    /// Which function goes where in the table.
    slots: BTreeMap<u32, u32>,
    /// What goes where in the memory.
    data: Vec<(u32, &'a [u8])>,
}

/// Makes one module of several.
pub fn merge(modules: &[Vec<u8>]) -> Result<Vec<u8>> {
    let parts = modules.iter().map(|module| read(module));
    let parts = parts.collect::<Result<Vec<_>>>()?;
    write(&parts).map_err(|error| Failure::new(format!("merging modules: {error}")))
}

/// How many bytes of code and data are in a module.
pub fn size(module: &[u8]) -> Result<usize> {
    let mut size = 0;
    for payload in Parser::new(0).parse_all(module) {
        size += match payload.when("weighing a module")? {
            Payload::CodeSectionStart { size, .. } => size as usize,
            Payload::DataSection(section) => section.range().len(),
            _ => 0,
        };
    }
    Ok(size)
}

fn unexpected(what: &str) -> Failure {
    Failure::new(format!("merging modules: {what} was not expected"))
}

fn read(module: &[u8]) -> Result<Parts<'_>> {
    let mut parts = Parts::default();
    for payload in Parser::new(0).parse_all(module) {
        take(payload.when("merging modules")?, &mut parts)?;
    }
    Ok(parts)
}

fn take<'a>(payload: Payload<'a>, parts: &mut Parts<'a>) -> Result<()> {
    let wrong = "merging modules";
    match payload {
        Payload::TypeSection(section) => {
            let types = section.into_iter_err_on_gc_types();
            parts.types = types.collect::<std::result::Result<_, _>>().when(wrong)?;
        }
        Payload::ImportSection(section) => {
            let imports = section.into_imports();
            parts.imports = imports.collect::<std::result::Result<_, _>>().when(wrong)?;
        }
        Payload::FunctionSection(section) => {
            let types = section.into_iter();
            parts.functions = types.collect::<std::result::Result<_, _>>().when(wrong)?;
        }
        Payload::ElementSection(section) => {
            for element in section {
                take_slots(element.when(wrong)?, parts)?;
            }
        }
        Payload::DataSection(section) => {
            for data in section {
                let data = data.when(wrong)?;
                let DataKind::Active { offset_expr, .. } = data.kind else {
                    return Err(unexpected("passive data"));
                };
                parts.data.push((place(&offset_expr)?, data.data));
            }
        }
        Payload::CodeSectionEntry(body) => parts.bodies.push(body),
        Payload::Version { .. }
        | Payload::CodeSectionStart { .. }
        | Payload::DataCountSection { .. }
        | Payload::CustomSection(_)
        | Payload::End(_) => {}
        Payload::ExportSection(section) if section.count() == 0 => {}
        other => return Err(unexpected(&format!("{other:?}"))),
    }
    Ok(())
}

fn take_slots(element: wasmparser::Element<'_>, parts: &mut Parts<'_>) -> Result<()> {
    let (ElementKind::Active { offset_expr, .. }, ElementItems::Functions(functions)) =
        (element.kind, element.items)
    else {
        return Err(unexpected("such a part of the table"));
    };
    for (slot, function) in (place(&offset_expr)?..).zip(functions) {
        parts.slots.insert(slot, function.when("merging modules")?);
    }
    Ok(())
}

/// Where in the table or the memory something goes.
fn place(expression: &wasmparser::ConstExpr<'_>) -> Result<u32> {
    match expression.get_operators_reader().read() {
        Ok(Operator::I32Const { value }) => Ok(value.cast_unsigned()),
        _ => Err(unexpected("a place that isn't known")),
    }
}

/// The numbers that the types and functions of one module have in the whole.
struct Numbers {
    types: Vec<u32>,
    first_function: u32,
}

impl Reencode for Numbers {
    type Error = std::convert::Infallible;

    fn type_index(&mut self, index: u32) -> std::result::Result<u32, Error> {
        let number = self.types.get(index as usize).copied();
        number.ok_or(Error::CanonicalizedHeapTypeReference)
    }

    fn function_index(&mut self, index: u32) -> std::result::Result<u32, Error> {
        Ok(self.first_function + index)
    }
}

fn write(parts: &[Parts<'_>]) -> std::result::Result<Vec<u8>, Error> {
    let mut types: Vec<&FuncType> = Vec::new();
    let mut functions = FunctionSection::new();
    let mut slots = BTreeMap::new();
    let mut numbers = Vec::new();
    for part in parts {
        let number = |kind| match types.iter().position(|known| *known == kind) {
            Some(number) => number as u32,
            None => {
                types.push(kind);
                types.len() as u32 - 1
            }
        };
        let mut own = Numbers {
            types: part.types.iter().map(number).collect(),
            first_function: functions.len(),
        };
        for kind in &part.functions {
            functions.function(own.type_index(*kind)?);
        }
        let placed = part.slots.iter();
        slots.extend(placed.map(|(slot, function)| (*slot, own.first_function + function)));
        numbers.push(own);
    }
    let mut code = CodeSection::new();
    for (part, numbers) in parts.iter().zip(&mut numbers) {
        for body in &part.bodies {
            code.function(&function(body, numbers, &slots)?);
        }
    }
    let mut module = Module::new();
    module.section(&typed(&types, &mut numbers[0])?);
    module.section(&imports(parts, &mut numbers[0])?);
    module.section(&functions);
    module.section(&table(&slots));
    module.section(&code);
    module.section(&memory(parts));
    Ok(module.finish())
}

/// The code of a function. What the table calls and is here is called by its name.
fn function(
    body: &FunctionBody<'_>,
    numbers: &mut Numbers,
    slots: &BTreeMap<u32, u32>,
) -> std::result::Result<wasm_encoder::Function, Error> {
    let mut function = numbers.new_function_with_parsed_locals(body)?;
    let mut operators = body.get_operators_reader()?.into_iter().peekable();
    while let Some(operator) = operators.next() {
        let operator = operator?;
        let is_called = matches!(operators.peek(), Some(Ok(Operator::CallIndirect { .. })));
        let here = match operator {
            Operator::I32Const { value } if is_called => slots.get(&value.cast_unsigned()),
            _ => None,
        };
        match here {
            Some(called) => {
                operators.next();
                function.instruction(&Instruction::Call(*called));
            }
            None => {
                function.instruction(&numbers.instruction(operator)?);
            }
        }
    }
    Ok(function)
}

fn typed(types: &[&FuncType], numbers: &mut Numbers) -> std::result::Result<TypeSection, Error> {
    let mut section = TypeSection::new();
    for kind in types {
        section.ty().func_type(&numbers.func_type((*kind).clone())?);
    }
    Ok(section)
}

/// What any of them imports, once.
fn imports(
    parts: &[Parts<'_>],
    numbers: &mut Numbers,
) -> std::result::Result<ImportSection, Error> {
    let mut section = ImportSection::new();
    let mut named = BTreeSet::new();
    for import in parts.iter().flat_map(|part| &part.imports) {
        if named.insert(import.name) {
            let kind = numbers.entity_type(import.ty)?;
            section.import(import.module, import.name, kind);
        }
    }
    Ok(section)
}

fn table(slots: &BTreeMap<u32, u32>) -> ElementSection {
    let mut section = ElementSection::new();
    let mut row: Vec<u32> = Vec::new();
    for (slot, function) in slots {
        row.push(*function);
        if !slots.contains_key(&(slot + 1)) {
            let start = slot + 1 - row.len() as u32;
            let offset = ConstExpr::i32_const(start.cast_signed());
            let functions = std::mem::take(&mut row);
            section.active(None, &offset, Elements::Functions(functions.into()));
        }
    }
    section
}

fn memory(parts: &[Parts<'_>]) -> DataSection {
    let mut section = DataSection::new();
    for (start, data) in parts.iter().flat_map(|part| &part.data) {
        if !data.is_empty() {
            let offset = ConstExpr::i32_const(start.cast_signed());
            section.active(0, &offset, data.iter().copied());
        }
    }
    section
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{EntityType, Function, MemoryType};

    use super::*;

    /// A module with one function, which stands in a slot and calls what stands in another.
    fn module(slot: i32, called: i32) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let memory = MemoryType {
            minimum: 17,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        };
        let mut imports = ImportSection::new();
        imports.import("shared", "memory", EntityType::Memory(memory));
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut elements = ElementSection::new();
        let own = Elements::Functions(vec![0].into());
        elements.active(None, &ConstExpr::i32_const(slot), own);
        let mut function = Function::new([]);
        let call = Instruction::CallIndirect {
            type_index: 0,
            table_index: 0,
        };
        for instruction in [Instruction::I32Const(called), call, Instruction::End] {
            function.instruction(&instruction);
        }
        let mut code = CodeSection::new();
        code.function(&function);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions);
        module.section(&elements).section(&code);
        module.finish()
    }

    #[test]
    fn merged_modules_call_each_other_by_name_and_others_through_the_table() {
        let merged = merge(&[module(7, 8), module(8, 5)]).unwrap();
        let parts = read(&merged).unwrap();
        assert_eq!((parts.types.len(), parts.imports.len()), (1, 1));
        assert_eq!(parts.slots, BTreeMap::from([(7, 0), (8, 1)]));
        let calls: Vec<_> = parts
            .bodies
            .iter()
            .map(|body| body.get_operators_reader().unwrap().read().unwrap())
            .collect();
        assert!(matches!(calls[0], Operator::Call { function_index: 1 }));
        assert!(matches!(calls[1], Operator::I32Const { value: 5 }));
    }

    #[test]
    fn what_nobody_expects_in_a_module_is_refused() {
        assert!(merge(&[b"no module".to_vec()]).is_err());
    }
}
