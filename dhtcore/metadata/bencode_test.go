package metadata

import (
	"math"
	"strings"
	"testing"
)

func TestACursorReadsOneValueOfEachKind(t *testing.T) {
	for in, want := range map[string]int64{"i0e": 0, "i-7e": -7, "i42e": 42, "i99999999999999999999e": math.MaxInt64,
		"3:abc": -1, "le": -1, "d1:ai1ee": -1} {
		c := cursor{b: []byte(in)}
		if got := c.number(); got != want || c.bad || c.i != len(in) {
			t.Errorf("%s is the number %d, want %d; bad %v, %d bytes read", in, got, want, c.bad, c.i)
		}
	}
	for in, want := range map[string]string{"0:": "", "3:abc": "abc", "i1e": "", "l1:ae": ""} {
		c := cursor{b: []byte(in)}
		if got := string(c.text()); got != want || c.bad || c.i != len(in) {
			t.Errorf("%s is the text %q, want %q; bad %v", in, got, want, c.bad)
		}
	}
	c := cursor{b: []byte("d1:ai1e1:bl2:xyee4:rest")}
	var keys []string
	for key := range c.dict() {
		keys = append(keys, string(key)+"="+string(c.value()))
	}
	if got := strings.Join(keys, " "); got != "a=i1e b=l2:xye" || c.bad || string(c.str()) != "rest" {
		t.Errorf("keys %q, bad %v", got, c.bad)
	}
}

func TestACursorStopsAtWhatIsNotBencoded(t *testing.T) {
	for _, in := range []string{"", "x", "i", "ie", "i1", "5:abc", "99999999999999999999:x", "l", "d1:a", "d", ":",
		strings.Repeat("l", maxDepth+1) + strings.Repeat("e", maxDepth+1)} {
		c := cursor{b: []byte(in)}
		if c.skip(); !c.bad {
			t.Errorf("%.20q is read as a value", in)
		}
		from := c.i
		if c.str(); c.i != from || c.at('e') || c.more() {
			t.Errorf("%.20q is read on", in)
		}
	}
	deep := cursor{b: []byte(strings.Repeat("l", maxDepth) + strings.Repeat("e", maxDepth))}
	if deep.skip(); deep.bad {
		t.Error("a value of the greatest depth is refused")
	}
}
