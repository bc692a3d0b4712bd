package mask

import "reflect"

// Plan returns the Plan for a type, made once.
func (w *Walker) Plan(t reflect.Type) Plan {
	if p, ok := w.plans[t]; ok {
		return p
	}
	w.plans[t] = func(v reflect.Value) { // while it is made, for a type that has itself in it
		if p := w.plans[t]; p != nil {
			p(v)
		}
	}
	p, known := w.rules.Type(t)
	if !known {
		p = w.Parts(t)
	}
	w.plans[t] = p
	return p
}

// Parts returns the Plan for a type whose parts are masked, whatever the rule for the type itself.
func (w *Walker) Parts(t reflect.Type) Plan {
	switch t.Kind() {
	case reflect.Struct:
		return w.structPlan(t)
	case reflect.Pointer:
		return w.pointerPlan(t)
	case reflect.Slice:
		return w.slicePlan(t, w.Plan(t.Elem()))
	case reflect.Array:
		return arrayPlan(w.Plan(t.Elem()))
	case reflect.Map:
		return w.mapPlan(t, w.Plan(t.Key()), w.Plan(t.Elem()))
	}
	return nil
}

// Strings returns the Plan for a string, a slice of strings or the strings in a map, by a rule of their own. known is false
// for another type.
func (w *Walker) Strings(t reflect.Type, of func(string) string) (p Plan, known bool) {
	switch {
	case t.Kind() == reflect.String:
		return String(of), true
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String:
		return w.slicePlan(t, String(of)), true
	case t.Kind() == reflect.Map && t.Elem().Kind() == reflect.String:
		return w.mapPlan(t, w.Plan(t.Key()), String(of)), true
	}
	return nil, false
}

func (w *Walker) structPlan(t reflect.Type) Plan {
	type step struct {
		field int
		plan  Plan
	}
	var steps []step
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() {
			if p := w.fieldPlan(t, f); p != nil {
				steps = append(steps, step{i, p})
			}
		}
	}
	if len(steps) == 0 {
		return nil
	}
	return func(v reflect.Value) {
		for _, s := range steps {
			s.plan(v.Field(s.field))
		}
	}
}

func (w *Walker) fieldPlan(owner reflect.Type, f reflect.StructField) Plan {
	if w.rules.Field != nil {
		if p, known := w.rules.Field(owner, f); known {
			return p
		}
	}
	return w.Plan(f.Type)
}

func (w *Walker) pointerPlan(t reflect.Type) Plan {
	elem := w.Plan(t.Elem())
	if elem == nil {
		return nil
	}
	return func(v reflect.Value) {
		if v.IsNil() {
			return
		}
		v.Set(w.once(part{v.UnsafePointer(), 1, t}, func() reflect.Value {
			next := reflect.New(t.Elem())
			next.Elem().Set(v.Elem())
			elem(next.Elem())
			return next
		}))
	}
}

func arrayPlan(elem Plan) Plan {
	if elem == nil {
		return nil
	}
	return func(v reflect.Value) {
		for i := range v.Len() {
			elem(v.Index(i))
		}
	}
}

func (w *Walker) slicePlan(t reflect.Type, elem Plan) Plan {
	if elem == nil {
		return nil
	}
	return func(v reflect.Value) {
		if v.Len() == 0 {
			return
		}
		v.Set(w.once(part{v.UnsafePointer(), v.Len(), t}, func() reflect.Value {
			next := reflect.MakeSlice(t, v.Len(), v.Len())
			reflect.Copy(next, v)
			for i := range next.Len() {
				elem(next.Index(i))
			}
			return next
		}))
	}
}

func (w *Walker) mapPlan(t reflect.Type, key, elem Plan) Plan {
	if key == nil && elem == nil {
		return nil
	}
	return func(v reflect.Value) {
		if v.IsNil() {
			return
		}
		v.Set(w.once(part{v.UnsafePointer(), v.Len(), t}, func() reflect.Value {
			next := reflect.MakeMapWithSize(t, v.Len())
			for each := v.MapRange(); each.Next(); {
				next.SetMapIndex(apply(key, each.Key()), apply(elem, each.Value()))
			}
			return next
		}))
	}
}

// apply returns a masked copy of a value in a map.
func apply(p Plan, v reflect.Value) reflect.Value {
	if p == nil {
		return v
	}
	next := reflect.New(v.Type()).Elem()
	next.Set(v)
	p(next)
	return next
}
