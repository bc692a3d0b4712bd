package mask

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

type leaf struct{ Name, Plain string }

type tree struct {
	Name     string
	Left     *tree
	Rows     []leaf
	ByName   map[string]*leaf
	Pair     [2]leaf
	Err      error
	Tags     []string
	Count    int
	internal string
}

// loud masks by upper case, but for fields called Plain, and tags by stars. It counts the strings that it masks.
func loud(n *int) *Walker {
	var w *Walker
	upper := func(s string) string { *n++; return strings.ToUpper(s) }
	w = New(Rules{
		Type: func(t reflect.Type) (Plan, bool) {
			switch {
			case t == reflect.TypeFor[error]():
				return Error(upper), true
			case t.Kind() == reflect.String:
				return String(upper), true
			}
			return nil, false
		},
		Field: func(_ reflect.Type, f reflect.StructField) (Plan, bool) {
			switch f.Name {
			case "Plain":
				return nil, true
			case "Tags":
				return w.Strings(f.Type, func(s string) string { return strings.Repeat("*", len(s)) })
			}
			return nil, false
		},
	})
	return w
}

func TestEveryPartIsMaskedByItsRule(t *testing.T) {
	in := &tree{Name: "a", Left: &tree{Name: "b"}, Rows: []leaf{{"c", "c"}}, ByName: map[string]*leaf{"d": {"e", "e"}}, Pair: [2]leaf{{}, {"f", "f"}},
		Err: errors.New("g"), Tags: []string{"hij"}, Count: 5, internal: "k"}
	n := 0
	got := Copy(loud(&n), in)
	want := &tree{Name: "A", Left: &tree{Name: "B"}, Rows: []leaf{{"C", "c"}}, ByName: map[string]*leaf{"D": {"E", "e"}}, Pair: [2]leaf{{}, {"F", "f"}},
		Err: errors.New("G"), Tags: []string{"***"}, Count: 5, internal: "k"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if in.Name != "a" || in.Left.Name != "b" || in.Rows[0].Name != "c" || in.ByName["d"].Name != "e" || in.Tags[0] != "hij" {
		t.Errorf("what was seen has changed: %+v", in)
	}
}

func TestWhatTwoValuesShareIsMaskedOnce(t *testing.T) {
	n := 0
	w := loud(&n)
	first := &tree{Rows: []leaf{{"a", ""}}, Left: &tree{Name: "b"}, ByName: map[string]*leaf{"c": nil}}
	second := &tree{Rows: first.Rows, Left: first.Left, ByName: first.ByName, Name: "d"}
	one := Copy(w, first)
	w.Next()
	masked := n
	two := Copy(w, second)
	if n-masked != len([]string{second.Name, second.Pair[0].Name, second.Pair[1].Name}) {
		t.Errorf("%d strings were masked for one that is new", n-masked)
	}
	if &one.Rows[0] != &two.Rows[0] || one.Left != two.Left || reflect.ValueOf(one.ByName).Pointer() != reflect.ValueOf(two.ByName).Pointer() {
		t.Error("the copies do not share it")
	}
	if shorter := Copy(w, &tree{Rows: first.Rows[:0], Left: first.Left}); len(shorter.Rows) != 0 {
		t.Error("other rows at the same place are the same")
	}
	w.Next()
	w.Forget()
	if three := Copy(w, second); three.Left == two.Left {
		t.Error("it was not forgotten")
	}
}
