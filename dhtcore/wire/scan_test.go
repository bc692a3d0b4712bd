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
	needed bool
	values []string
}{
	{top, "t", true, []string{"i1e", "le", "de"}},
	{kindless, "y", true, []string{"i1e", "le", "de"}},
	{top, "q", true, []string{"i1e", "l4:pinge", "de"}},
	{top, "v", false, []string{"i1e", "le", "de"}},
	{top, "ip", false, []string{"i1e", "le", "de", "0:", "4:abcd", "5:abcde", "7:abcdefg", "17:abcdefghij0123456", "19:abcdefghij012345678"}},
	{top, "ro", false, []string{"1:1", "0:", "li1ee", "de"}},
	{top, "e", false, []string{"i201e", "3:201", "de", "li201ei202ee", "lli201eee"}},
	{kindQuery, "a", true, []string{"i1e", "le", "2:id"}},
	{kindReply, "r", true, []string{"i1e", "le", "2:id"}},
	{ping, "id", true, wrongIDs}, {getPeers, "id", true, wrongIDs}, {answer, "id", true, wrongIDs},
	{findNode, "target", true, wrongIDs}, {sample, "target", true, wrongIDs}, {get, "target", true, wrongIDs},
	{ping, "target", false, wrongIDs}, {getPeers, "target", false, wrongIDs}, {announce, "target", false, wrongIDs},
	{put, "target", false, wrongIDs}, {answer, "target", false, wrongIDs},
	{getPeers, "info_hash", true, wrongIDs}, {announce, "info_hash", true, wrongIDs},
	{ping, "info_hash", false, wrongIDs}, {findNode, "info_hash", false, wrongIDs}, {answer, "info_hash", false, wrongIDs},
	{announce, "token", true, wrongStrings}, {put, "token", true, wrongStrings},
	{getPeers, "token", false, wrongStrings}, {answer, "token", false, wrongStrings},
	{announce, "port", true, wrongNumbers}, {implied, "port", false, wrongNumbers}, {getPeers, "port", false, wrongNumbers},
	{announce, "implied_port", false, wrongNumbers},
	{announce, "seed", false, wrongNumbers},
	{getPeers, "noseed", false, wrongNumbers},
	{getPeers, "bs", false, wrongNumbers},
	{getPeers, "scrape", false, wrongNumbers},
	{findNode, "want", false, []string{"2:n4", "0:", "i4e", "de", "li4ee", "lledee"}},
	{answer, "num", false, wrongNumbers},
	{answer, "interval", false, wrongNumbers},
	{answer, "nodes", false, []string{"i1e", "le", "de", "9:def456...", "25:" + node4[1:], "27:" + node4 + "x", "l26:" + node4 + "e"}},
	{answer, "nodes6", false, []string{"i1e", "le", "de", "26:" + node4, "l38:" + node6 + "e"}},
	{answer, "samples", false, []string{"i1e", "le", "de", "21:" + alice + "x", "19:abcdefghij012345678", "l20:" + alice + "e"}},
	{answer, "values", false, []string{"i1e", "de", "0:", "6:axje.u", "12:axje.uaxje.u", "li1ee", "l0:e", "l5:axje.e", "l12:axje.uaxje.ue",
		"l18:axje.uaxje.uaxje.ue", "l26:" + node4 + "e", "ll6:axje.uee", "ld1:a6:axje.uee"}},
	{answer, "BFsd", false, append([]string{bstr(strings.Repeat("f", 255)), bstr(strings.Repeat("f", 257))}, wrongStrings...)},
	{answer, "BFpe", false, append([]string{"0:"}, wrongStrings...)},
	{put, "k", true, append([]string{"0:", "31:" + alice + "abcdefghijk"}, wrongStrings...)},
	{put, "sig", true, append([]string{"0:", "20:" + alice}, wrongStrings...)},
	{put, "salt", true, wrongStrings}, {put, "seq", true, wrongNumbers}, {put, "cas", true, wrongNumbers},
	{get, "seq", false, wrongNumbers},
	{answer, "k", false, append([]string{"0:", "20:" + alice}, wrongStrings...)},
	{answer, "sig", false, append([]string{"0:", "20:" + alice}, wrongStrings...)},
	{answer, "seq", false, wrongNumbers},
}

var (
	wrongIDs     = []string{"i1e", "le", "de", "0:", "4:abcd", "19:abcdefghij012345678", "21:abcdefghij01234567890", "40:" + alice + bob}
	wrongStrings = []string{"i1e", "le", "de", "l2:tke"}
	wrongNumbers = []string{"1:1", "0:", "le", "de", "li1ee"}
)

// The messages around an entry hold all that they need, the entry first.
func kindless(entry string) string  { return "d" + entry + "1:t2:aae" }
func kindQuery(entry string) string { return "d" + entry + "1:q4:ping1:t2:aa1:y1:qe" }
func kindReply(entry string) string { return "d" + entry + "1:t2:aa1:y1:re" }

func top(entry string) string {
	return "d" + entry + "1:ad2:id20:" + alice + "e1:y1:qe"
}

func TestAnAnnounceIsASeedsOnlyWithASeedOfOne(t *testing.T) {
	for entry, want := range map[string]bool{"": false, "4:seedi1e": true, "4:seedi0e": false, "4:seedi2e": false, "4:seedi-1e": false} {
		if m := scan(t, announce(entry)); m.Seed != want || m.Invalid != "" {
			t.Errorf("%q: %v", entry, m.Seed)
		}
	}
}

func asked(method, args string) func(string) string {
	return func(entry string) string {
		needs := ""
		if !strings.HasPrefix(entry, "2:id") {
			needs = "2:id20:" + alice
		}
		for arg := range strings.SplitSeq(args, " ") {
			if key, _, _ := strings.Cut(arg, "="); arg != "" && !strings.HasPrefix(entry, bstr(key)) {
				needs += bstr(key) + arg[len(key)+1:]
			}
		}
		return query(method, entry+needs)
	}
}

var (
	ping     = asked("ping", "")
	findNode = asked("find_node", "target=20:"+bob)
	sample   = asked("sample_infohashes", "target=20:"+bob)
	get      = asked("get", "target=20:"+bob)
	getPeers = asked("get_peers", "info_hash=20:"+bob)
	announce = asked("announce_peer", "info_hash=20:"+bob+" port=i6881e token=2:tk")
	implied  = asked("announce_peer", "info_hash=20:"+bob+" implied_port=i1e token=2:tk")
	put      = asked("put", "token=2:tk v=1:x")
)

func answer(entry string) string {
	if strings.HasPrefix(entry, "2:id") {
		return reply(entry)
	}
	return reply(entry + "2:id20:" + alice)
}

// read reads a message and all that a second pass reads of it.
func read(t *testing.T, packet string) (m Message, r Reply, it Item) {
	t.Helper()
	m = scan(t, packet)
	if m.Kind == KindReply {
		r = m.Reply(external, 0)
	} else {
		it = m.ScanItem()
	}
	return m, r, it
}

func TestOnlyAKeyThatIsNeededMakesAMessageInvalid(t *testing.T) {
	for _, w := range wrong {
		for _, v := range w.values {
			m, _, _ := read(t, w.where(bstr(w.key)+v))
			switch {
			case w.needed && (m.Invalid != w.key || m.LeftOut() != 0):
				t.Errorf("%s of %q: invalid %q, %d left out", w.key, v, m.Invalid, m.LeftOut())
			case !w.needed && (m.Invalid != "" || m.LeftOut() != 1):
				t.Errorf("%s of %q in %q: invalid %q, %d left out", w.key, v, w.where(""), m.Invalid, m.LeftOut())
			}
		}
	}
}

func TestAnOddOptionalFieldIsAsIfItWereNotThere(t *testing.T) {
	for _, w := range wrong {
		for _, v := range w.values {
			if w.needed || w.key == "e" {
				continue
			}
			with, reply, item := read(t, w.where(bstr(w.key)+v))
			without, wantReply, wantItem := read(t, w.where(""))
			with.odds = 0
			with.Rest, without.Rest, with.Values = nil, nil, nil
			if !reflect.DeepEqual(with, without) || !reflect.DeepEqual(reply, wantReply) || !reflect.DeepEqual(item, wantItem) {
				t.Errorf("%s of %q:\n%+v %+v %+v\nwithout it:\n%+v %+v %+v", w.key, v, with, reply, item, without, wantReply, wantItem)
			}
		}
	}
}

func TestTheFirstInvalidKeyIsNamedAndTheRestStillRead(t *testing.T) {
	m := scan(t, query("announce_peer", "2:id3:abc9:info_hash20:"+bob+"4:port1:x4:seed1:x5:token2:tk"))
	if m.Invalid != "id" || m.HasID || !m.HasTarget || m.HasPort || string(m.Token) != "tk" || string(m.TID) != "aa" || m.LeftOut() != 1 {
		t.Errorf("got %+v", m)
	}
}

func TestTheKnownFamiliesOfAWantCountBesideOddOnes(t *testing.T) {
	if m := scan(t, findNode("4:wantl2:n4i6ele2:n6e")); m.Want != WantNodes|WantNodes6 || m.LeftOut() != 1 || m.Invalid != "" {
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

func TestEveryMethodHasANameItsArgumentsAndAMeaning(t *testing.T) {
	for m := Ping; m < Methods; m++ {
		if name := m.String(); name == "" || methodOf([]byte(name)) != m {
			t.Errorf("the name of method %d is %q, which is read as %v", m, name, methodOf([]byte(name)))
		}
		if m != Ping && neededOf[m] == 0 || methodNotes[m] == "" {
			t.Errorf("%v needs %b and means %q", m, neededOf[m], methodNotes[m])
		}
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
