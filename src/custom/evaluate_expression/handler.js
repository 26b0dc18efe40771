'use strict';

// Evaluates the expression of a task with the values that the task passes. The language is a subset of JavaScript without
// assignments, loops and function definitions. The expression is interpreted here and never passed to the JavaScript
// engine, so it can only access its values and the functions below.

const MAX_EXPRESSION = 10_000;
const MAX_DEPTH = 100;
const MAX_TEXT = 1_048_576;

const PUNCTUATION = /\?\?|\?\.(?!\d)|\*\*|[!=]==?|<=|>=|&&|\|\||[-+*/%<>!?:.,()[\]{}`'"]/y;
const NAME = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const NUMBER = /(?:0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?![\p{ID_Continue}$])/uy;
const SPACE = /\s*/y;
const BINARY = [['||', '??'], ['&&'], ['===', '!==', '==', '!='], ['<', '<=', '>', '>='], ['+', '-'], ['*', '/', '%']];
const ESCAPES = new Map(Object.entries({ n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0' }));

const bounded = (text) => {
  if (typeof text === 'string' && text.length > MAX_TEXT) throw new Error(`a text has more than ${MAX_TEXT} characters`);
  return text;
};
const pad = (text, length, fill, side) => {
  if (length > MAX_TEXT) throw new Error(`a text has more than ${MAX_TEXT} characters`);
  return side.call(text, length, fill === undefined ? ' ' : String(fill));
};
const join = (list, separator = ',') => {
  const parts = list.map((part) => (part == null ? '' : String(part)));
  const length = parts.reduce((sum, part) => sum + part.length + String(separator).length, 0);
  if (length > MAX_TEXT) throw new Error(`a text has more than ${MAX_TEXT} characters`);
  return parts.join(separator);
};
const constants = new Map([['true', true], ['false', false], ['null', null], ['undefined', undefined], ['NaN', NaN], ['Infinity', Infinity]]);
const math = ['abs', 'ceil', 'floor', 'round', 'trunc', 'sign', 'sqrt', 'cbrt', 'pow', 'exp', 'log', 'log2', 'log10', 'min', 'max', 'hypot'];
const functions = new Map([
  ...math.map((name) => [`Math.${name}`, Math[name]]),
  ['Number', (value) => Number(value)],
  ['String', (value) => String(value)],
  ['Boolean', (value) => Boolean(value)],
  ['parseInt', (text, radix) => parseInt(text, radix)],
  ['parseFloat', (text) => parseFloat(text)],
  ['Number.isInteger', (value) => Number.isInteger(value)],
  ['Array.isArray', (value) => Array.isArray(value)],
  ['Object.keys', (value) => Object.keys(value)],
  ['Object.values', (value) => Object.values(value)],
  ['JSON.stringify', (value) => JSON.stringify(value)],
  ['JSON.parse', (text) => JSON.parse(text)],
]);
const methods = new Map([
  ['string', new Map([
    ...['toUpperCase', 'toLowerCase', 'trim', 'trimStart', 'trimEnd', 'slice', 'substring', 'at', 'charAt', 'includes', 'startsWith', 'endsWith', 'indexOf', 'lastIndexOf', 'concat']
      .map((name) => [name, (text, ...args) => String.prototype[name].apply(text, args)]),
    ['split', (text, separator, limit) => (separator === undefined ? [text] : text.split(String(separator), limit))],
    ['replace', (text, from, to) => text.replace(String(from), () => String(to))],
    ['padStart', (text, length, fill) => pad(text, length, fill, String.prototype.padStart)],
    ['padEnd', (text, length, fill) => pad(text, length, fill, String.prototype.padEnd)],
    ['toString', (text) => text],
  ])],
  ['array', new Map([
    ...['slice', 'includes', 'indexOf', 'concat', 'at'].map((name) => [name, (list, ...args) => Array.prototype[name].apply(list, args)]),
    ['join', join],
  ])],
  ['number', new Map([
    ['toFixed', (number, digits) => number.toFixed(digits)],
    ['toString', (number) => String(number)],
  ])],
  ['boolean', new Map([['toString', (value) => String(value)]])],
]);
const operators = new Map([
  ['===', (a, b) => a === b], ['!==', (a, b) => a !== b], ['==', (a, b) => a == b], ['!=', (a, b) => a != b],
  ['<', (a, b) => a < b], ['<=', (a, b) => a <= b], ['>', (a, b) => a > b], ['>=', (a, b) => a >= b],
  ['+', (a, b) => bounded(a + b)], ['-', (a, b) => a - b], ['*', (a, b) => a * b], ['/', (a, b) => a / b], ['%', (a, b) => a % b],
]);

class Evaluation {
  constructor(text, values) {
    this.text = text;
    this.values = values;
    this.paths = Object.keys(values).sort((a, b) => b.length - a.length);
    this.at = 0;
    this.depth = 0;
    // Whether the result of the current part is used. It is not used in the other branch of a condition.
    this.live = true;
  }

  fail(message) {
    throw new Error(`${message}, at character ${this.at + 1} of the expression ${this.text}`);
  }

  read(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  peek() {
    this.read(SPACE);
    const start = this.at;
    const found = this.read(PUNCTUATION);
    this.at = start;
    return found;
  }

  take(...wanted) {
    const found = this.peek();
    if (!wanted.includes(found)) return '';
    this.at += found.length;
    return found;
  }

  expect(wanted) {
    if (!this.take(wanted)) this.fail(`\`${wanted}\` is missing`);
  }

  when(condition, read) {
    const live = this.live;
    this.live = live && Boolean(condition);
    const value = read();
    this.live = live;
    return value;
  }

  whole() {
    const value = this.expression();
    this.read(SPACE);
    if (this.at < this.text.length) this.fail('this is no part of an expression');
    return value;
  }

  expression() {
    if (++this.depth > MAX_DEPTH) this.fail(`the expression nests deeper than ${MAX_DEPTH} levels`);
    let value = this.binary(0);
    if (this.take('?')) {
      const yes = this.when(value, () => this.expression());
      this.expect(':');
      const no = this.when(!value, () => this.expression());
      value = value ? yes : no;
    }
    this.depth--;
    return value;
  }

  binary(level) {
    if (level === BINARY.length) return this.power();
    let left = this.binary(level + 1);
    for (let operator; (operator = this.take(...BINARY[level])); ) {
      if (['&&', '||', '??'].includes(operator)) {
        const decided = operator === '&&' ? !left : operator === '||' ? left : left != null;
        const right = this.when(!decided, () => this.binary(level + 1));
        if (!decided) left = right;
      } else {
        const right = this.binary(level + 1);
        if (this.live) left = operators.get(operator)(left, right);
      }
    }
    return left;
  }

  power() {
    const signed = ['!', '-', '+'].includes(this.peek());
    const base = this.unary();
    if (!this.take('**')) return base;
    if (signed) this.fail('the base of `**` has a sign: put it in parentheses');
    if (++this.depth > MAX_DEPTH) this.fail(`the expression nests deeper than ${MAX_DEPTH} levels`);
    const exponent = this.power();
    this.depth--;
    return this.live ? base ** exponent : undefined;
  }

  unary() {
    const signs = [];
    for (let sign; (sign = this.take('!', '-', '+')); ) signs.push(sign);
    let value = this.postfix();
    if (this.live) for (const sign of signs.reverse()) value = sign === '!' ? !value : sign === '-' ? -value : +value;
    return value;
  }

  postfix() {
    const live = this.live;
    let value = this.primary();
    for (let mark; (mark = this.take('.', '?.', '[')); ) {
      if (mark === '?.' && value == null) this.live = false;
      if (mark === '[' || (mark === '?.' && this.take('['))) {
        const key = this.expression();
        this.expect(']');
        value = this.member(value, key);
        continue;
      }
      this.read(SPACE);
      const name = this.read(NAME);
      if (!name) this.fail('the name of a member is missing');
      value = this.peek() === '(' ? this.call(value, name) : this.member(value, name);
    }
    if (this.live !== live) value = undefined;
    this.live = live;
    return value;
  }

  member(value, key) {
    if (!this.live) return undefined;
    if (value == null) this.fail(`\`${key}\` of ${value} cannot be read`);
    if (typeof key !== 'string' && typeof key !== 'number') this.fail('the key of a member is a string or a number');
    return Object.hasOwn(Object(value), key) ? value[key] : undefined;
  }

  call(value, name) {
    const args = this.list('(', ')');
    if (!this.live) return undefined;
    const method = methods.get(Array.isArray(value) ? 'array' : typeof value)?.get(name);
    if (!method) this.fail(`\`${name}\` is no function that an expression has`);
    return bounded(method(value, ...args));
  }

  list(open, close) {
    const elements = [];
    this.expect(open);
    while (!this.take(close)) {
      elements.push(this.expression());
      if (!this.take(',')) {
        this.expect(close);
        break;
      }
    }
    return elements;
  }

  primary() {
    switch (this.peek()) {
      case '(': {
        this.take('(');
        const value = this.expression();
        this.expect(')');
        return value;
      }
      case '[':
        return this.list('[', ']');
      case '{':
        return this.object();
      case '`':
      case '"':
      case "'":
        return this.string();
    }
    if (this.text[this.at] === '$') return this.path();
    const number = this.read(NUMBER);
    return number ? Number(number) : this.name();
  }

  object() {
    const members = [];
    this.expect('{');
    while (!this.take('}')) {
      const quoted = ['"', "'"].includes(this.peek());
      const key = quoted ? this.string() : this.read(NAME) || this.read(NUMBER);
      if (!quoted && !key) this.fail('the key of a member is missing');
      this.expect(':');
      members.push([key, this.expression()]);
      if (!this.take(',')) {
        this.expect('}');
        break;
      }
    }
    return Object.fromEntries(members);
  }

  string() {
    const quote = this.text[this.at++];
    let text = '';
    for (;;) {
      const sign = this.text[this.at++];
      if (sign === undefined || (sign === '\n' && quote !== '`')) this.fail(`a text that begins with ${quote} has no end`);
      if (sign === quote) return bounded(text);
      if (sign === '\\') text += this.escape();
      else if (sign === '$' && quote === '`' && this.text[this.at] === '{') {
        this.at++;
        const value = this.expression();
        this.expect('}');
        if (this.live) text = bounded(text + String(value));
      } else text += sign;
    }
  }

  escape() {
    const sign = this.text[this.at++];
    if (sign === undefined) this.fail('a text has no end');
    if (sign === '\n') return '';
    if (sign === 'u' || sign === 'x') {
      const code = this.read(sign === 'x' ? /[\da-fA-F]{2}/y : /[\da-fA-F]{4}|\{[\da-fA-F]{1,6}\}/y).replace(/[{}]/g, '');
      const point = parseInt(code, 16);
      if (!(point <= 0x10ffff)) this.fail('an escape names no character');
      return String.fromCodePoint(point);
    }
    return ESCAPES.get(sign) ?? sign;
  }

  path() {
    const path = this.paths.find((it) => this.text.startsWith(it, this.at) && !/^[\p{ID_Continue}$]/u.test(this.text.slice(this.at + it.length)));
    if (path === undefined) this.fail('no value was passed for the path');
    this.at += path.length;
    return this.values[path];
  }

  name() {
    let name = this.read(NAME);
    if (!name) this.fail(this.at < this.text.length ? 'a value is missing' : 'the expression ends too early');
    if (constants.has(name)) return constants.get(name);
    if (['Math', 'Number', 'Array', 'Object', 'JSON'].includes(name) && this.take('.')) name += `.${this.read(NAME)}`;
    if (!functions.has(name)) this.fail(`\`${name}\` is neither a path nor a function that an expression has`);
    const args = this.list('(', ')');
    return this.live ? bounded(functions.get(name)(...args)) : undefined;
  }
}

exports.handler = async ({ expression, expressionAttributeValues = {} }) => {
  if (typeof expression !== 'string') throw new Error('the expression is no text');
  if (expression.length > MAX_EXPRESSION) throw new Error(`the expression has more than ${MAX_EXPRESSION} characters`);
  return new Evaluation(expression, expressionAttributeValues).whole();
};
