package wire

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
)

func scan(t *testing.T, packet string) Message {
	t.Helper()
	var m Message
	if err := Scan([]byte(packet), &m); err != nil {
		t.Fatalf("%q: %v", packet, err)
	}
	return m
}

func TestTheExamplesOfTheBEPsAreReadAsWritten(t *testing.T) {
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			if got := scan(t, v.packet); !reflect.DeepEqual(got, v.want) {
				t.Errorf("got  %+v\nwant %+v", got, v.want)
			}
		})
	}
}

func TestKeysMayComeInAnyOrder(t *testing.T) {
	if got, want := scan(t, shuffled), scan(t, vectors[2].packet); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestBytesAfterTheMessageAreIgnored(t *testing.T) {
	for _, v := range vectors {
		for _, rest := range []string{"\x00", "e", "d1:y1:re", "garbage"} {
			if got := scan(t, v.packet+rest); !reflect.DeepEqual(got, v.want) {
				t.Errorf("%s with %q: got %+v", v.name, rest, got)
			}
		}
	}
}

func TestAMessageCutOffAnywhereIsASyntaxError(t *testing.T) {
	for _, v := range vectors {
		for i := range len(v.packet) {
			var m Message
			if err := Scan([]byte(v.packet[:i]), &m); !errors.Is(err, ErrSyntax) {
				t.Errorf("%s cut off after %d bytes: %v", v.name, i, err)
			}
		}
	}
}

func TestWhatIsNoDictionaryIsASyntaxError(t *testing.T) {
	long := strings.Repeat("9", 400)
	for name, packet := range map[string]string{
		"nothing":                        "",
		"text":                           "hello",
		"a list":                         "l1:a1:be",
		"a string":                       "4:ping",
		"1,400 lists":                    strings.Repeat("l", 1400),
		"1,400 lists inside":             "d1:a" + strings.Repeat("l", 1400),
		"1,400 dictionaries inside":      "d1:x" + strings.Repeat("d1:x", 350),
		"lists inside that close":        "d1:x" + strings.Repeat("l", 600) + strings.Repeat("e", 600) + "e",
		"an integer for a key":           "di1e1:ae",
		"a key without a value":          "d1:te",
		"an argument without a value":    query("ping", "2:id"),
		"a key without a length":         "d:e",
		"a length without a string":      "d5:ae",
		"a length beyond the packet":     "d1:t1000:aae",
		"a length beyond int":            "d1:t" + long + ":aae",
		"a length of 2^64":               "d1:t18446744073709551616:e",
		"a length of 2^63-1":             "d1:t9223372036854775807:aae",
		"a negative length":              "d1:t-1:ae",
		"an integer without digits":      "d2:roiee",
		"an integer of a sign":           "d2:roi-ee",
		"an integer with two signs":      "d2:roi--1ee",
		"an integer with a letter":       "d2:roi1x2ee",
		"an integer that does not end":   "d2:roi1",
		"an unknown value of no type":    "d1:xze",
		"an unknown value that is a dot": "d1:x.e",
	} {
		var m Message
		if err := Scan([]byte(packet), &m); !errors.Is(err, ErrSyntax) {
			t.Errorf("%s: %v, message %+v", name, err, m)
		}
	}
}

func TestIntegersBeyondInt64AreCutOffThere(t *testing.T) {
	for digits, want := range map[string]int64{
		"0": 0, "-0": 0, "007": 7, "6881": 6881, "-1": -1,
		"9223372036854775799":     math.MaxInt64 - 8,
		"9223372036854775807":     math.MaxInt64,
		"9223372036854775808":     math.MaxInt64,
		"18446744073709551617":    math.MaxInt64,
		"-9223372036854775809":    -math.MaxInt64,
		strings.Repeat("9", 1000): math.MaxInt64,
	} {
		m := scan(t, query("announce_peer", "4:porti"+digits+"e7:unknowni"+digits+"e"))
		if m.Port != want || !m.HasPort || m.Invalid != "" {
			t.Errorf("%.30s: port %d, invalid %q", digits, m.Port, m.Invalid)
		}
	}
}

func TestUnknownKeysAndNestedValuesArePassedOver(t *testing.T) {
	odd := "2:bsi1e" + "1:nd1:ali-5e0:d1:x3:abceee"
	m := scan(t, "d1:0le1:ad"+odd+"2:id20:"+alice+"e1:q4:ping1:sd1:ai1ee1:t2:aa3:xyzi0e1:y1:qe")
	if m.Method != Ping || m.ID != idOf(alice) || m.Invalid != "" {
		t.Errorf("got %+v", m)
	}
}

func TestNestingIsFollowedToTheBound(t *testing.T) {
	nested := func(depth int) []byte {
		return []byte("d1:x" + strings.Repeat("l", depth) + strings.Repeat("e", depth) + "e")
	}
	var m Message
	if err := Scan(nested(maxDepth), &m); err != nil {
		t.Errorf("%d deep: %v", maxDepth, err)
	}
	if err := Scan(nested(maxDepth+1), &m); err == nil {
		t.Errorf("%d deep is read", maxDepth+1)
	}
}

// wrong holds, for each known key, values of the wrong type or length.
var wrong = []struct {
	where  func(string) string
	key    string
	values []string
}{
	{top, "t", []string{"i1e", "le", "de"}},
	{top, "y", []string{"i1e", "le", "de"}},
	{top, "q", []string{"i1e", "l4:pinge", "de"}},
	{top, "v", []string{"i1e", "le", "de"}},
	{top, "ip", []string{"i1e", "le", "de"}},
	{top, "ro", []string{"1:1", "li1ee", "de"}},
	{top, "e", []string{"i201e", "3:201", "de", "li201ei202ee", "lli201eee"}},
	{asked, "a", []string{"i1e", "le", "2:id"}},
	{answered, "r", []string{"i1e", "le", "2:id"}},
	{argument, "id", []string{"i1e", "le", "de", "0:", "19:abcdefghij012345678", "21:abcdefghij01234567890"}},
	{argument, "target", []string{"i1e", "le", "de", "0:", "4:abcd", "21:abcdefghij01234567890"}},
	{argument, "info_hash", []string{"i1e", "le", "de", "0:", "4:abcd", "40:" + alice + alice}},
	{argument, "token", []string{"i1e", "le", "de"}},
	{argument, "port", []string{"4:6881", "le", "de"}},
	{argument, "implied_port", []string{"1:1", "le", "de"}},
	{argument, "seed", []string{"1:1", "le", "de"}},
	{argument, "noseed", []string{"1:1", "le", "de"}},
	{argument, "scrape", []string{"1:1", "le", "de"}},
	{argument, "want", []string{"2:n4", "i4e", "de", "li4ee", "l2:n4i6ee"}},
	{value, "num", []string{"1:1", "le", "de"}},
	{value, "interval", []string{"1:1", "le", "de"}},
	{value, "nodes", []string{"i1e", "le", "de", "9:def456...", "27:" + node4 + "x"}},
	{value, "nodes6", []string{"i1e", "le", "de", "26:" + node4}},
	{value, "samples", []string{"i1e", "le", "de", "21:" + alice + "x"}},
	{value, "values", []string{"i1e", "de", "6:axje.u"}},
}

func top(entry string) string      { return "d" + entry + "e" }
func asked(entry string) string    { return "d" + entry + "1:q4:ping1:t2:aa1:y1:qe" }
func answered(entry string) string { return "d" + entry + "1:t2:aa1:y1:re" }
func argument(entry string) string { return query("get", entry) }
func value(entry string) string    { return reply(entry) }

func TestAKnownKeyWithAValueOfTheWrongTypeIsNamed(t *testing.T) {
	for _, w := range wrong {
		for _, v := range w.values {
			if m := scan(t, w.where(bstr(w.key)+v)); m.Invalid != w.key {
				t.Errorf("%s of %q: invalid %q in %+v", w.key, v, m.Invalid, m)
			}
		}
	}
}

func TestTheFirstInvalidKeyIsNamedAndTheRestStillRead(t *testing.T) {
	m := scan(t, query("announce_peer", "2:id3:abc9:info_hash20:"+bob+"4:port1:x5:token2:tk"))
	if m.Invalid != "id" || m.HasID || !m.HasTarget || m.HasPort || string(m.Token) != "tk" || string(m.TID) != "aa" {
		t.Errorf("got %+v", m)
	}
}

func TestEachMethodHasItsOwnNameForTheTarget(t *testing.T) {
	hash, target := "9:info_hash20:"+alice, "6:target20:"+bob
	for _, c := range []struct {
		method, args string
		want         string // "" when it is missing
	}{
		{"get_peers", hash + target, alice}, {"get_peers", target, ""},
		{"announce_peer", hash + target, alice}, {"announce_peer", target, ""},
		{"find_node", hash + target, bob}, {"find_node", hash, ""},
		{"sample_infohashes", hash + target, bob}, {"sample_infohashes", hash, ""},
		{"get", hash + target, bob}, {"get", hash, ""},
		{"vote", hash + target, bob}, {"vote", target, bob}, {"vote", hash, alice}, {"vote", "", ""},
	} {
		m := scan(t, query(c.method, c.args))
		if m.HasTarget != (c.want != "") || c.want != "" && m.Target != idOf(c.want) {
			t.Errorf("%s with %q: target %v %q", c.method, c.args, m.HasTarget, m.Target[:])
		}
	}
}

func TestTheBodyIsTheOneThatTheKindCallsFor(t *testing.T) {
	const a, r = "1:ad2:id20:" + alice + "e", "1:rd2:id20:" + bob + "e"
	for packet, want := range map[string]ID{
		"d" + a + r + "1:y1:qe": idOf(alice), "d" + a + r + "1:y1:re": idOf(bob), "d1:y1:q" + r + a + "e": idOf(alice),
		"d" + r + "1:y1:qe": {}, "d" + a + "1:y1:re": {}, "d" + a + r + "1:y1:ee": {}, "d" + a + r + "e": {},
	} {
		if m := scan(t, packet); m.ID != want || m.Body != (want != ID{}) || m.HasID != m.Body {
			t.Errorf("%q: body %v, ID %q, want %q", packet, m.Body, m.ID[:], want[:])
		}
	}
}

func TestWantPassesOverFamiliesOfLaterBEPs(t *testing.T) {
	for list, want := range map[string]Want{"le": 0, "l2:n4e": WantNodes, "l2:n6e": WantNodes6, "l2:n82:n6e": WantNodes6, "l2:n42:n4e": WantNodes} {
		if m := scan(t, query("find_node", "4:want"+list)); m.Want != want || m.Invalid != "" {
			t.Errorf("%s: want %b, invalid %q", list, m.Want, m.Invalid)
		}
	}
}

func TestAnErrorIsReadHoweverMuchOfItIsThere(t *testing.T) {
	for list, want := range map[string]Error{
		"le": {}, "li204ee": {Code: 204}, "l4:texte": {Text: "text"}, "li203e4:text5:extrae": {Code: 203, Text: "text"},
	} {
		m := scan(t, "d1:e"+list+"1:t2:aa1:y1:ee")
		var got *Error
		if !errors.As(m.Err(), &got) || *got != want || m.Invalid != "" {
			t.Errorf("%s: %v, invalid %q", list, m.Err(), m.Invalid)
		}
	}
	if m := scan(t, vectors[0].packet); m.Err() != nil {
		t.Errorf("a ping carries the error %v", m.Err())
	}
}

func TestMethodsAndKindsOfOtherNamesAreUnknown(t *testing.T) {
	for _, name := range []string{"", "unknown", "pinG", "find_nodes", "gets", strings.Repeat("x", 500)} {
		if m := scan(t, query(name, "")); m.Method != MethodUnknown || string(m.Name) != name {
			t.Errorf("%.20q: method %s, name %.20q", name, m.Method, m.Name)
		}
	}
	for _, y := range []string{"", "x", "qq", "Q"} {
		if m := scan(t, "d1:y"+bstr(y)+"e"); m.Kind != NoKind || m.Invalid != "" {
			t.Errorf("y of %q: kind %d", y, m.Kind)
		}
	}
	if got := Methods.String(); got != "unknown" {
		t.Errorf("a method out of range is called %q", got)
	}
}
