package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
)

// logged returns what the log writes about events to stdout.
func logged(t *testing.T, o settings.LogOptions, events ...dhtcore.Event) (lines []string) {
	t.Helper()
	var to bytes.Buffer
	l := newServeLog(console.NewOutput(&to), nil, o)
	for i := range events {
		if err := l.event(&events[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.flush(true); err != nil {
		t.Fatal(err)
	}
	return strings.FieldsFunc(to.String(), func(r rune) bool { return r == '\n' })
}

func addrOf(n int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), 6881)
}

func TestRepliesAndAnnouncesAreLoggedWordForWord(t *testing.T) {
	hash := dhtcore.ID{0xab, 0xc1}
	hex := hash.String()
	got := logged(t, settings.LogOptions{Level: settings.LogInfo},
		dhtcore.Event{Kind: dhtcore.Found, Hash: hash, Addr: addrOf(1), N: 5},
		dhtcore.Event{Kind: dhtcore.Announced, Hash: hash, Addr: addrOf(2), ID: dhtcore.ID{9}})
	want := []string{
		"[ DHT REPLY ] InfoHash=" + hex + " Peers=5 Node=10.0.0.1:6881",
		"[ DHT ANNOUNCE ] InfoHash=" + hex + " Peer=10.0.0.2:6881",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q", got)
	}
}

func TestTheLogIsFilteredByLevelAndQuietAndUnique(t *testing.T) {
	announce := func(hash byte, from int) dhtcore.Event {
		return dhtcore.Event{Kind: dhtcore.Announced, Hash: dhtcore.ID{hash}, Addr: addrOf(from)}
	}
	warning := dhtcore.Event{Kind: dhtcore.Warning, Text: "beware"}
	for name, c := range map[string]struct {
		settings.LogOptions
		events []dhtcore.Event
		want   int // lines
	}{
		"all":                    {settings.LogOptions{Level: settings.LogInfo}, []dhtcore.Event{announce(1, 1), announce(1, 1), warning}, 3},
		"debug":                  {settings.LogOptions{Level: settings.LogDebug}, []dhtcore.Event{{Kind: dhtcore.LookupStep}, {Kind: dhtcore.Discovered}}, 2},
		"no debug":               {settings.LogOptions{Level: settings.LogInfo}, []dhtcore.Event{{Kind: dhtcore.LookupStep}, {Kind: dhtcore.Discovered}}, 0},
		"warnings":               {settings.LogOptions{Level: settings.LogWarning}, []dhtcore.Event{announce(1, 1), warning}, 1},
		"errors":                 {settings.LogOptions{Level: settings.LogError}, []dhtcore.Event{announce(1, 1), warning}, 0},
		"quiet":                  {settings.LogOptions{Level: settings.LogDebug, Quiet: true}, []dhtcore.Event{announce(1, 1), warning}, 1},
		"unique: another source": {settings.LogOptions{Level: settings.LogInfo, Unique: true}, []dhtcore.Event{announce(1, 1), announce(1, 2)}, 2},
		"unique: another hash":   {settings.LogOptions{Level: settings.LogInfo, Unique: true}, []dhtcore.Event{announce(1, 1), announce(2, 1)}, 2},
		"unique: neither, and the log says so": {settings.LogOptions{Level: settings.LogInfo, Unique: true},
			[]dhtcore.Event{announce(1, 1), announce(2, 2), announce(1, 1), announce(2, 1)}, 2 + 1},
		"unique: another kind": {settings.LogOptions{Level: settings.LogInfo, Unique: true},
			[]dhtcore.Event{{Kind: dhtcore.Requested, Hash: dhtcore.ID{1}, Addr: addrOf(1)}, announce(1, 1)}, 2},
		"unique: without hash and address": {settings.LogOptions{Level: settings.LogInfo, Unique: true}, []dhtcore.Event{warning, warning}, 2},
	} {
		if got := logged(t, c.LogOptions, c.events...); len(got) != c.want {
			t.Errorf("%s: %d lines, want %d: %q", name, len(got), c.want, got)
		}
	}
	port := announce(1, 1)
	port.Addr = netip.AddrPortFrom(port.Addr.Addr(), 1)
	got := logged(t, settings.LogOptions{Level: settings.LogInfo, Unique: true}, announce(1, 1), port)
	if len(got) != 2 || got[1] != "[ LEFT OUT ] Repeats=1" {
		t.Errorf("an address with another port: %q", got)
	}
}

func TestTheLogIsBoundedAndSaysWhatItLeavesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var to bytes.Buffer
		l := newServeLog(console.NewOutput(&to), nil, settings.LogOptions{Level: settings.LogInfo, Rate: 2})
		write := func(kind dhtcore.EventKind, n int) (lines int) {
			to.Reset()
			for i := range n {
				if err := l.event(&dhtcore.Event{Kind: kind, Hash: dhtcore.ID{byte(kind)}, Addr: addrOf(i)}); err != nil {
					t.Fatal(err)
				}
			}
			l.flush(false) //nolint:errcheck // to a buffer
			return strings.Count(to.String(), "\n")
		}
		if n := write(dhtcore.Requested, 1000); n != 2*logBurst {
			t.Errorf("%d lines of 1000 at once", n)
		}
		if n := write(dhtcore.Announced, 3); n != 3 {
			t.Errorf("the requests leave no room for announces: %d lines of 3", n)
		}
		time.Sleep(5 * time.Second)
		if n := write(dhtcore.Requested, 1000); n != 10 {
			t.Errorf("%d lines in 5 s at 2 a second", n)
		}
		if err := l.lost(7); err != nil {
			t.Fatal(err)
		}
		time.Sleep(sayLeftOutEvery)
		write(dhtcore.Announced, 0)
		if want := fmt.Sprintf("[ LEFT OUT ] Requested=%d Unread=7\n", 2000-2*logBurst-10); to.String() != want {
			t.Errorf("%q, want %q", to.String(), want)
		}
		time.Sleep(sayLeftOutEvery)
		if write(dhtcore.Announced, 0); to.Len() > 0 {
			t.Errorf("it is told twice: %q", to.String())
		}
	})
}

func TestTheLogCanBeJSON(t *testing.T) {
	events := make([]dhtcore.Event, 2*logBurst)
	for i := range events {
		events[i] = dhtcore.Event{Seq: uint64(i), At: time.Now(), Kind: dhtcore.LookupDone, Hash: dhtcore.ID{1}, Text: "no <peers>"}
	}
	var last struct {
		Kind       string
		LookupDone int `json:"lookup_done"`
	}
	got := logged(t, settings.LogOptions{Level: settings.LogInfo, Format: settings.LogJSON, Rate: 1}, events...)
	for _, line := range got {
		if err := json.Unmarshal([]byte(line), &last); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	if len(got) != logBurst+1 || last.Kind != "left_out" || last.LookupDone != logBurst {
		t.Errorf("%d lines, the last %+v", len(got), last)
	}
	var errs bytes.Buffer
	l := newServeLog(console.NewOutput(&errs), &errs, settings.LogOptions{Level: settings.LogInfo, Format: settings.LogJSON})
	l.say(settings.LogInfo, "serving as \"x\"")
	var said struct{ At, Kind, Level, Text string }
	if err := json.Unmarshal(errs.Bytes(), &said); err != nil || said.Text != `serving as "x"` || said.Level != "info" || said.At == "" {
		t.Errorf("%q, %v", errs.String(), err)
	}
}

func TestWhatIsUniqueIsRememberedInBoundedMemory(t *testing.T) {
	var s seenSet
	for i := range 3 * seenMost {
		e := dhtcore.Event{Kind: dhtcore.Sampled, Addr: addrOf(i)}
		if !s.news(&e) {
			t.Fatalf("address %d is no news", i)
		}
		s.add(&e)
		if i%1000 == 0 { // one that is seen all the time stays known
			often := dhtcore.Event{Kind: dhtcore.Sampled, Addr: addrOf(0)}
			if s.news(&often) {
				t.Fatalf("the first address is news again after %d", i)
			}
		}
	}
	if n := len(s.now) + len(s.before); n > 2*seenMost {
		t.Errorf("%d are remembered", n)
	}
}

func TestBadSettingsOfTheLogAreSentences(t *testing.T) {
	for args, want := range map[string]string{
		"--log-format xml":     `--log-format "xml": want text or json`,
		"--log-rate -1":        "--log-rate -1: want lines per second up to 1e+09, or 0 for all",
		"--log-rate NaN":       "--log-rate NaN: want lines per second",
		"--log-level loud":     "want debug, info, warning or error",
		"--quiet --ndjson":     "--quiet and --ndjson contradict each other: pass one of them",
		"--log-rate many":      `--log-rate "many": want a number`,
		"--unique=perhaps":     `--unique "perhaps": want true or false`,
		"--log-format= --json": `--log-format "": want text or json`,
	} {
		code, _, errs := dhtop(t, "", append([]string{"serve", "--for", "1ms"}, strings.Fields(args)...)...)
		if code != exit.Usage || !strings.Contains(errs, want) {
			t.Errorf("%s: %d, %s", args, code, errs)
		}
	}
}
