package bencode

import (
	"math"
	"strings"
	"testing"
)

func TestACursorReadsOneValueOfEachKind(t *testing.T) {
	for in, want := range map[string]int64{"i0e": 0, "i-7e": -7, "i42e": 42, "i99999999999999999999e": math.MaxInt64,
		"3:abc": -1, "le": -1, "d1:ai1ee": -1} {
		c := Cursor{Bytes: []byte(in)}
		if got := c.Number(); got != want || c.Bad || c.Pos != len(in) {
			t.Errorf("%s is the number %d, want %d; bad %v, %d bytes read", in, got, want, c.Bad, c.Pos)
		}
	}
	for in, want := range map[string]string{"0:": "", "3:abc": "abc", "i1e": "", "l1:ae": ""} {
		c := Cursor{Bytes: []byte(in)}
		if got := string(c.Text()); got != want || c.Bad || c.Pos != len(in) {
			t.Errorf("%s is the text %q, want %q; bad %v", in, got, want, c.Bad)
		}
	}
	c := Cursor{Bytes: []byte("d1:ai1e1:bl2:xyee4:rest")}
	var keys []string
	for key := range c.Dict() {
		keys = append(keys, string(key)+"="+string(c.Value()))
	}
	if got := strings.Join(keys, " "); got != "a=i1e b=l2:xye" || c.Bad || string(c.Str()) != "rest" {
		t.Errorf("keys %q, bad %v", got, c.Bad)
	}
}

func TestACursorStopsAtWhatIsNotBencoded(t *testing.T) {
	for _, in := range []string{"", "x", "i", "ie", "i1", "5:abc", "99999999999999999999:x", "l", "d1:a", "d", ":",
		strings.Repeat("l", maxDepth+1) + strings.Repeat("e", maxDepth+1)} {
		c := Cursor{Bytes: []byte(in)}
		if c.Skip(); !c.Bad {
			t.Errorf("%.20q is read as a value", in)
		}
		from := c.Pos
		if c.Str(); c.Pos != from || c.At('e') || c.More() {
			t.Errorf("%.20q is read on", in)
		}
	}
	deep := Cursor{Bytes: []byte(strings.Repeat("l", maxDepth) + strings.Repeat("e", maxDepth))}
	if deep.Skip(); deep.Bad {
		t.Error("a value of the greatest depth is refused")
	}
}
