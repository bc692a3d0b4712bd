package record

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"
)

// maxRows bounds a list in a frame: many times what a Snapshot holds.
const maxRows = 1 << 20

// errShape is what is wrong with a frame whose values do not have the form of their fields.
var errShape = errors.New("a value of another form was expected")

// applier makes values out of nodes.
type applier struct {
	unknown map[string]bool // fields and words that this version does not have
	words   map[word]bool   // whether there is one
	grown   int             // bytes of rows since the size of the value was taken
	before  int             // grown before this frame
}

// apply sets v, which holds the value before, to the one after. It never writes to what v shares with others.
func (p *applier) apply(l *layout, v reflect.Value, node any) error {
	if kind := l.typ.Kind(); node == nil && (kind == reflect.Slice || kind == reflect.Map) {
		v.SetZero()
		return nil
	}
	switch l.shape {
	case scalar:
		err := setScalar(v, node)
		if err == nil && l.named {
			p.say(v)
		}
		return err
	case structure:
		return p.applyStruct(l, v, node)
	case pointer:
		return p.applyPointer(l, v, node)
	case rows:
		return p.applyRows(l, v, node)
	case places:
		return p.applyPlaces(l, v, node)
	case dictionary:
		return p.applyMap(l, v, node)
	default:
		return setWhole(l, v, node)
	}
}

func setScalar(v reflect.Value, node any) error {
	ok := false
	switch n := node.(type) {
	case bool:
		if ok = v.Kind() == reflect.Bool; ok {
			v.SetBool(n)
		}
	case string:
		if ok = v.Kind() == reflect.String; ok {
			v.SetString(n)
		}
	case []byte:
		if ok = v.Kind() == reflect.String; ok {
			v.SetString(string(n))
		}
	case float64:
		if ok = v.CanFloat(); ok {
			v.SetFloat(n)
		}
	case uint64:
		switch {
		case v.CanUint():
			if ok = !v.OverflowUint(n); ok {
				v.SetUint(n)
			}
		case v.CanInt():
			if ok = n <= math.MaxInt64 && !v.OverflowInt(int64(n)); ok {
				v.SetInt(int64(n))
			}
		}
	case int64:
		if ok = v.CanInt() && !v.OverflowInt(n); ok {
			v.SetInt(n)
		}
	}
	if !ok {
		return fmt.Errorf("%w: %s", errShape, v.Type())
	}
	return nil
}

func setWhole(l *layout, v reflect.Value, node any) error {
	switch n := node.(type) {
	case nil:
		if l.shape == timestamp || l.shape == failure {
			v.SetZero()
			return nil
		}
	case uint64, int64:
		if l.shape == timestamp {
			v.Set(reflect.ValueOf(time.Unix(0, integer(n))))
			return nil
		}
	case string:
		if l.shape == failure {
			v.Set(reflect.ValueOf(errors.New(n)))
			return nil
		}
	case []byte:
		return setBytes(l, v, n)
	case []any:
		if l.shape == list {
			return setList(v, n)
		}
	}
	return fmt.Errorf("%w: %s", errShape, l.typ)
}

// integer is a number of CBOR; out of range, the largest.
func integer(node any) int64 {
	switch n := node.(type) {
	case int64:
		return n
	case uint64:
		return int64(min(n, math.MaxInt64))
	}
	return math.MinInt64
}

func setBytes(l *layout, v reflect.Value, b []byte) error {
	switch {
	case l.shape == failure:
		v.Set(reflect.ValueOf(errors.New(string(b))))
	case l.shape == address:
		return setAddr(v, b)
	case l.shape == bytesOf && v.Kind() == reflect.Slice:
		v.SetBytes(b)
	case l.shape == bytesOf && v.Len() == len(b):
		reflect.Copy(v, reflect.ValueOf(b).Convert(reflect.SliceOf(v.Type().Elem())))
	default:
		return fmt.Errorf("%w: %s", errShape, l.typ)
	}
	return nil
}

// setList sets a list of scalars. An array takes as many as it has places for, as its length may differ between versions.
func setList(v reflect.Value, all []any) error {
	n := len(all)
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), n, n))
	} else {
		v.SetZero()
		n = min(n, v.Len())
	}
	for i := range n {
		if err := setScalar(v.Index(i), all[i]); err != nil {
			return err
		}
	}
	return nil
}

func (p *applier) applyStruct(l *layout, v reflect.Value, node any) error {
	changed, ok := node.(map[any]any)
	if !ok {
		return fmt.Errorf("%w: %s", errShape, l.typ)
	}
	known := 0
	for i := range l.fields {
		f := &l.fields[i]
		n, has := changed[f.name]
		if !has {
			continue
		}
		known++
		if err := p.apply(f.of, v.Field(f.index), n); err != nil {
			return fmt.Errorf("%s.%s: %w", l.typ.Name(), f.name, err)
		}
	}
	if known < len(changed) {
		p.note(l, changed)
	}
	return nil
}

// note remembers the fields that this version does not have.
func (p *applier) note(l *layout, changed map[any]any) {
	for name := range changed {
		name, _ := name.(string)
		if !slices.ContainsFunc(l.fields, func(f field) bool { return f.name == name }) {
			p.unknown[l.typ.Name()+"."+name] = true
		}
	}
}

func (p *applier) applyPointer(l *layout, v reflect.Value, node any) error {
	if node == nil {
		v.SetZero()
		return nil
	}
	if err := p.grow(1, l.elem.typ); err != nil {
		return err
	}
	next := reflect.New(l.elem.typ)
	if !v.IsNil() {
		next.Elem().Set(v.Elem())
	}
	if err := p.apply(l.elem, next.Elem(), node); err != nil {
		return err
	}
	v.Set(next)
	return nil
}

func (p *applier) applyPlaces(l *layout, v reflect.Value, node any) error {
	changed, ok := node.(map[any]any)
	if !ok {
		return fmt.Errorf("%w: %s", errShape, l.typ)
	}
	for key, n := range changed {
		i := integer(key)
		if i < 0 {
			return fmt.Errorf("%w: a place of %s", errShape, l.typ)
		}
		if i >= int64(v.Len()) {
			p.unknown[fmt.Sprintf("%s, place %d", l.typ, i)] = true
			continue
		}
		if err := p.apply(l.elem, v.Index(int(i)), n); err != nil {
			return err
		}
	}
	return nil
}

func (p *applier) applyMap(l *layout, v reflect.Value, node any) error {
	both, ok := node.([]any)
	if !ok || len(both) != 2 {
		return fmt.Errorf("%w: %s", errShape, l.typ)
	}
	changed, ok1 := both[0].([]any)
	gone, ok2 := both[1].([]any)
	if !ok1 || !ok2 {
		return fmt.Errorf("%w: %s", errShape, l.typ)
	}
	if err := p.grow(v.Len()+len(changed), l.elem.typ); err != nil {
		return err
	}
	next := reflect.MakeMapWithSize(l.typ, v.Len()+len(changed))
	for each := v.MapRange(); each.Next(); {
		next.SetMapIndex(each.Key(), each.Value())
	}
	key := func(n any) (reflect.Value, error) {
		k := reflect.New(l.key.typ).Elem()
		return k, p.apply(l.key, k, n)
	}
	for _, entry := range changed {
		pair, ok := entry.([]any)
		if !ok || len(pair) != 2 {
			return fmt.Errorf("%w: an entry of %s", errShape, l.typ)
		}
		k, err := key(pair[0])
		if err != nil {
			return err
		}
		value := reflect.New(l.elem.typ).Elem()
		if old := v.MapIndex(k); old.IsValid() {
			value.Set(old)
		}
		if err := p.apply(l.elem, value, pair[1]); err != nil {
			return err
		}
		next.SetMapIndex(k, value)
	}
	for _, n := range gone {
		k, err := key(n)
		if err != nil {
			return err
		}
		next.SetMapIndex(k, reflect.Value{})
	}
	v.Set(next)
	return nil
}

func (p *applier) applyRows(l *layout, v reflect.Value, node any) error {
	ops, ok := node.([]any)
	if !ok {
		return fmt.Errorf("%w: %s", errShape, l.typ)
	}
	if err := p.grow(v.Len()+1, l.elem.typ); err != nil {
		return err
	}
	next := reflect.MakeSlice(l.typ, 0, v.Len()+1)
	for _, op := range ops {
		op, ok := op.([]any)
		if !ok || len(op) == 0 || len(op) > 3 {
			return fmt.Errorf("%w: a row of %s", errShape, l.typ)
		}
		if len(op) == 2 {
			from, n := integer(op[0]), integer(op[1])
			if from < 0 || n < 0 || from > int64(v.Len()) || n > int64(v.Len())-from || int64(next.Len())+n > maxRows {
				return fmt.Errorf("%w: rows of %s that are not there", errShape, l.typ)
			}
			if err := p.grow(int(n), l.elem.typ); err != nil {
				return err
			}
			next = reflect.AppendSlice(next, v.Slice(int(from), int(from+n)))
			continue
		}
		if err := p.grow(1, l.elem.typ); err != nil {
			return err
		}
		row := reflect.New(l.elem.typ).Elem()
		if len(op) == 3 {
			old := integer(op[0])
			if old < 0 || old >= int64(v.Len()) {
				return fmt.Errorf("%w: a row of %s that is not there", errShape, l.typ)
			}
			row.Set(v.Index(int(old)))
		}
		if err := p.apply(l.elem, row, op[len(op)-1]); err != nil {
			return err
		}
		if row.Kind() == reflect.Pointer && row.IsNil() { // readers look into every row
			row.Set(reflect.New(l.elem.elem.typ))
		}
		next = reflect.Append(next, row)
	}
	if next.Len() > maxRows {
		return fmt.Errorf("%w: %d rows of %s", errShape, next.Len(), l.typ)
	}
	v.Set(next)
	return nil
}
