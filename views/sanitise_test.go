package views

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// poison is what a text from the network can hold to take over a terminal, to deceive its reader, or to put
// a frame out of joint.
var poison = strings.Join([]string{
	"\x1b]52;c;cm0gLXJmIC8=\a", "\x1b[2J\x1b[H", "\x1b[?1049l", "\x1bPq\x1b\\", "\u009b31m", "\x9b31m", // escape sequences
	"\r\n\t\b\v\f\x00\x7f\x0e", // controls
	"\u202e\u2066\u200f\u061c", // bidirectional controls
	"\u200b\u200d\ufeff\u00ad", // of no width
	"日本語ｗｉｄｅ",                  // of two cells
	"e\u0301\u0489 \U0001f469\u200d\U0001f4bb \U0001f1e9\U0001f1ea \u0e33 ᄀ", // what joins
	"\xff\xfe\xc0", // no UTF-8
}, "x")

// infect puts the poison into every text that can be reached from v, and returns into how many.
func infect(v reflect.Value, seen map[uintptr]bool) (n int) {
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() {
			v.SetString(poison)
			return 1
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() && (v.Kind() != reflect.Pointer || !seen[v.Pointer()]) {
			if v.Kind() == reflect.Pointer {
				seen[v.Pointer()] = true
			}
			return infect(v.Elem(), seen)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return 0
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				n += infect(v.Field(i), seen)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			n += infect(v.Index(i), seen)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() { // what is in a map cannot be set: those here hold pointers
			n += infect(v.MapIndex(k), seen)
		}
	}
	return n
}

// TestNothingFromTheNetworkReachesTheTerminalUnsanitised has poison in every text of a Snapshot and of what
// the user was asked and told, in every pane and size.
func TestNothingFromTheNetworkReachesTheTerminalUnsanitised(t *testing.T) {
	s := fixture()
	s.Metadata = map[dhtcore.ID]*dhtcore.MetadataInfo{}
	for i := range s.Hashes.Top[:5] {
		s.Metadata[s.Hashes.Top[i].InfoHash] = &dhtcore.MetadataInfo{Name: "x"}
	}
	for i := range s.Lookups {
		s.Metadata[s.Lookups[i].Target] = &dhtcore.MetadataInfo{Name: "x"}
	}
	s.Notices = []string{"x"}
	s.Packets.Log = poisonedPackets(t)
	s.Lab = fixtureLab(s)
	if n := infect(reflect.ValueOf(s), map[uintptr]bool{}); n < 500 {
		t.Fatalf("only %d texts were poisoned", n)
	}
	for _, size := range sizes {
		for p := range screen.Panes {
			for variant := range 8 {
				st := fixtureState(theme.New("dark"))
				st.Pane, st.Zoom, st.Masked, st.Peers = p, variant&1 != 0, variant&2 != 0, variant&4 != 0
				st.Lists[screen.LookupList].Row = variant % len(s.Lookups)
				st.Lists[screen.LabList].Row = 4 * variant
				st.Filter = screen.Filtered{By: poison}
				switch variant {
				case 3:
					st.Toast = screen.Toast{Text: poison, Bad: true}
				case 4:
					st.Prompt = &screen.Prompt{Label: "look up", Value: poison, Cursor: 9, Err: poison, Choices: []screen.Key{{Name: poison, Help: poison}}}
				case 5:
					st.Help, st.Keys = true, []screen.Key{{Keys: "j", Help: "x", Off: true, Why: poison}}
				case 6:
					st.Doctor, s.Warnings, s.Notices = true, s.Events, []string{s.Notice(), s.Notice()}
				case 7:
					if p == screen.PacketsPane {
						st.TakeApart(s.Packets.Log[size.w%len(s.Packets.Log)])
					}
				}
				lines, _ := Frame(s, st, size.w, size.h)
				check(t, p.String(), lines, size.w, size.h)
			}
		}
	}
}

// poisonedPackets are packets of every kind with poison in every byte string that a packet can have.
func poisonedPackets(t *testing.T) (log []*dhtcore.Packet) {
	t.Helper()
	x := bencoded(poison)
	for _, payload := range []string{
		"d1:ad2:id20:aaaaaaaaaaaaaaaaaaaa9:info_hash20:bbbbbbbbbbbbbbbbbbbb5:token" + x + "e1:q" + x + "1:t" + x + "1:v" + x + "1:y1:qe",
		"d1:rd2:id20:aaaaaaaaaaaaaaaaaaaa5:nodes" + x + "5:token" + x + "1:v" + x + "6:valuesl" + x + "ee1:t2:aa1:v" + x + "1:y1:re",
		"d1:eli201e" + x + "e1:t2:aa1:v" + x + "1:y1:ee",
		"d" + x + x + "e",
		poison,
	} {
		p := &dhtcore.Packet{}
		p.Payload, p.At = []byte(payload), noon
		log = append(log, p)
	}
	return log
}

func bencoded(s string) string { return strconv.Itoa(len(s)) + ":" + s }
