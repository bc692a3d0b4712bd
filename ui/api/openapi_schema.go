package api

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"dhtop/dhtcore"
)

// schemas are the JSON Schemas of named types, made of the Go types that encoding/json writes.
type schemas map[string]any

// of returns the schema of the type of v.
func (s schemas) of(v any) schema { return s.ofType(reflect.TypeOf(v)) }

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

func (s schemas) ofType(t reflect.Type) schema {
	switch {
	case t.Kind() == reflect.Pointer: // first: it has the methods of what it points to
		return nullable(s.ofType(t.Elem()))
	case t == reflect.TypeFor[dhtcore.ID]():
		return schema{"type": "string", "pattern": "^[0-9a-f]{40}$"}
	case t.Implements(jsonMarshaler):
		return selfWritten(t)
	case t.Implements(textMarshaler):
		return schema{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Struct:
		return s.ofStruct(t)
	case reflect.Slice, reflect.Array:
		return schema{"type": "array", "items": s.ofType(t.Elem())}
	case reflect.Map:
		return schema{"type": "object", "additionalProperties": s.ofType(t.Elem())}
	case reflect.String:
		return schema{"type": "string"}
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return schema{"type": "number"}
	case reflect.Interface:
		return schema{}
	}
	return schema{"type": "integer"}
}

// selfWritten is the schema of a type that writes itself: of a time, or of bytes, both null where there are none.
func selfWritten(t reflect.Type) schema {
	if t.Kind() == reflect.Struct {
		return schema{"type": []string{"string", "null"}, "format": "date-time"}
	}
	return schema{"type": []string{"string", "null"}, "pattern": "^[0-9a-f]*$"}
}

// nullable returns a schema that takes null as well.
func nullable(of schema) schema {
	if word, ok := of["type"].(string); ok {
		of["type"] = []string{word, "null"}
		return of
	}
	if _, ok := of["type"].([]string); ok {
		return of
	}
	return schema{"anyOf": []schema{of, {"type": "null"}}}
}

// ofStruct returns a reference to the schema of a struct. What has no name stands where it is.
func (s schemas) ofStruct(t reflect.Type) schema {
	if t.Name() == "" {
		return s.object(t)
	}
	name := string(unicode.ToUpper(rune(t.Name()[0]))) + t.Name()[1:]
	if _, known := s[name]; !known {
		s[name] = nil // a type that holds itself ends here
		s[name] = s.object(t)
	}
	return schema{"$ref": "#/components/schemas/" + name}
}

// object is the schema of a struct: its members are those of encoding/json, and all but those with omitempty are there.
func (s schemas) object(t reflect.Type) schema {
	properties := schema{}
	required := s.members(t, properties)
	slices.Sort(required)
	out := schema{"type": "object", "properties": properties}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

func (s schemas) members(t reflect.Type, properties schema) (required []string) {
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			required = append(required, s.members(f.Type, properties)...)
			continue
		case !f.IsExported() || name == "-" || name == "":
			continue
		}
		of := s.ofType(f.Type)
		if f.Type.Kind() == reflect.Slice && !f.Type.Implements(jsonMarshaler) && strings.Contains(f.Tag.Get("schema"), "null") {
			of = nullable(of)
		}
		properties[name] = of
		if !strings.Contains(options, "omitempty") {
			required = append(required, name)
		}
	}
	return required
}
