package report

import (
	"encoding/json"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/dhtcore/journal"
)

func TestEveryKindOfEvent(t *testing.T) {
	for _, c := range []struct {
		file   string
		append func([]byte, *dhtcore.Event, Options) []byte
	}{{"events.ndjson", AppendEvent}, {"events.plain", AppendEventLine}} {
		var all []byte
		for i := range events {
			before := len(all)
			all = c.append(all, &events[i], Options{})
			if line := string(all[before:]); strings.Count(line, "\n") != 1 || !strings.HasSuffix(line, "\n") {
				t.Errorf("%s: %q is not one line", events[i].Kind, line)
			}
		}
		golden(t, c.file, all)
	}
	if last := events[len(events)-1].Kind; (last + 1).String() != "" {
		t.Errorf("the test knows kinds up to %s, but there is %s", last, last+1)
	}
}

func TestAnEventIsJSONWhateverItsText(t *testing.T) {
	text := "\"\\\x00\x1b]52;\u202e\u2028\xff</script>"
	var got struct{ Text string }
	line := AppendEvent(nil, &dhtcore.Event{Kind: journal.Warning, Text: text}, Options{})
	if err := json.Unmarshal(line, &got); err != nil || got.Text != strings.ToValidUTF8(text, "\ufffd") {
		t.Fatalf("%s: %q, %v", line, got.Text, err)
	}
}

func TestMaskedAddressesShowTheNetworkOnly(t *testing.T) {
	o := Options{MaskAddrs: true}
	for from, want := range map[string]string{
		"203.0.113.7:6881":             "203.0.113.0/24",
		"[::ffff:203.0.113.7]:6881":    "203.0.113.0/24",
		"[2001:db8:1:2::3]:51413":      "2001:db8:1::/48",
		"[fe80::1%a\x1b[2Jeth0]:51413": "fe80::/48",
	} {
		if got := o.addr(addr(from)); got != want {
			t.Errorf("%s is masked as %s; want %s", from, got, want)
		}
	}
	for i := range events {
		for _, line := range [][]byte{AppendEvent(nil, &events[i], o), AppendEventLine(nil, &events[i], o)} {
			for _, secret := range []string{"113.7", "1:2::3", "6881", "51413"} {
				if strings.Contains(string(line), secret) {
					t.Errorf("masked, and yet %s shows %s", line, secret)
				}
			}
		}
	}
}

func TestAnEventIsAppendedWithoutAllocation(t *testing.T) {
	buf := make([]byte, 0, 1024)
	for i := range events {
		if events[i].Text != "" { // a warning may take its time
			continue
		}
		n := testing.AllocsPerRun(100, func() {
			AppendEvent(buf, &events[i], Options{})
			AppendEventLine(buf, &events[i], Options{})
		})
		if n != 0 {
			t.Errorf("%s: %v allocations", events[i].Kind, n)
		}
	}
}

func BenchmarkAppendEvent(b *testing.B) {
	buf := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		AppendEvent(buf, &events[0], Options{})
	}
}
