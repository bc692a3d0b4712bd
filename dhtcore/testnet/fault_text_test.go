package testnet

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

var faultTexts = []struct {
	text string
	want Fault
	is   string // its String; "" for text
}{
	{"out get_peers drop=0.2 delay=100ms jitter=50ms duplicate=0.1 reorder=0.1 truncate=0.05", Fault{Direction: Outbound,
		Method: wire.GetPeers, Drop: 0.2, Delay: 100 * time.Millisecond, Jitter: 50 * time.Millisecond, Duplicate: 0.1,
		Reorder: 0.1, Truncate: 0.05}, ""},
	{"in * drop=1", Fault{Direction: Inbound, Drop: 1}, ""},
	{"drop=20%", Fault{Drop: 0.2}, "both * drop=0.2"},
	{" both\tsample_infohashes   truncate=.5 ", Fault{Method: wire.SampleInfohashes, Truncate: 0.5}, "both sample_infohashes truncate=0.5"},
	{"ping reorder=1e-1 delay=1m", Fault{Method: wire.Ping, Reorder: 0.1, Delay: time.Minute}, "both ping delay=1m0s reorder=0.1"},
	{"in ping none", Fault{Direction: Inbound, Method: wire.Ping}, ""},
	{"none", Fault{}, "both * none"},
	{"drop=-0", Fault{}, "both * none"},
}

func TestAFaultIsReadFromItsText(t *testing.T) {
	for _, c := range faultTexts {
		got, err := ParseFault(c.text)
		if err != nil || got != c.want {
			t.Errorf("%q: %+v, %v", c.text, got, err)
		}
		if got.String() != cmp.Or(c.is, c.text) {
			t.Errorf("%q prints as %q", c.text, got)
		}
	}
}

func TestAFaultThatCannotBeReadIsExplained(t *testing.T) {
	for text, says := range map[string]string{
		"":                       "no effect: add one such as drop=0.2",
		"out":                    "no effect",
		"out get_peers":          "no effect",
		"outwards drop=1":        `"outwards" is neither a direction (both, in, out) nor a method (ping, find_node`,
		"out unknown drop=1":     `"unknown" is neither`,
		"drop=1 out":             `"out" is out of place`,
		"none drop=1":            `"none" is out of place`,
		"drop=20":                "drop=20: want a share from 0 to 1",
		"drop=101%":              "want a share",
		"drop=-0.1":              "want a share",
		"drop=nan":               "want a share",
		"drop=":                  "want a share",
		"delay=100":              "delay=100: want a duration from 0s to 1m, such as 100ms",
		"delay=-1s":              "want a duration",
		"jitter=2m":              "want a duration",
		"drop=0.1 drop=0.2":      "drop is given twice",
		"out get_peers lose=0.1": `"lose" is not an effect: want drop, delay, jitter, duplicate, reorder, truncate`,
		"in out drop=0.1":        `"out" is neither`,
	} {
		_, err := ParseFault(text)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
}

func FuzzParseFault(f *testing.F) {
	for _, c := range faultTexts {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fault, err := ParseFault(text)
		if err != nil {
			return
		}
		if again, err := ParseFault(fault.String()); err != nil || again != fault {
			t.Errorf("%q is %+v, printed and read again %+v, %v", text, fault, again, err)
		}
	})
}
