package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"dhtop/dhtcore"
)

func TestEveryFormatOfTheRanking(t *testing.T) {
	for f := range Format(len(formats)) {
		t.Run(f.String(), func(t *testing.T) {
			var b bytes.Buffer
			if err := WriteHashes(&b, f, rows); err != nil {
				t.Fatal(err)
			}
			golden(t, "hashes."+f.String(), b.Bytes())
		})
	}
}

func TestAnEmptyRankingIsStillWellFormed(t *testing.T) {
	for f, want := range map[Format]string{Plain: "", CSV: csvHeader, JSON: "[\n]\n", NDJSON: "", Magnet: ""} {
		var b strings.Builder
		if err := WriteHashes(&b, f, nil); err != nil || b.String() != want {
			t.Errorf("%s: %q, %v; want %q", f, b.String(), err, want)
		}
	}
}

func TestCSVAndJSONCarryTheSameData(t *testing.T) {
	var c, j bytes.Buffer
	if err := errors.Join(WriteHashes(&c, CSV, rows), WriteHashes(&j, JSON, rows)); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&c).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var objects []map[string]any
	if err := json.Unmarshal(j.Bytes(), &objects); err != nil {
		t.Fatal(err)
	}
	if len(lines) != len(rows)+1 || len(objects) != len(rows) {
		t.Fatalf("%d lines, %d objects", len(lines), len(objects))
	}
	for i, object := range objects {
		got := map[string]string{}
		for column, value := range object {
			switch v := value.(type) {
			case nil:
				got[column] = ""
			case float64:
				got[column] = strconv.FormatFloat(v, 'f', -1, 64)
			case string:
				got[column] = v
			}
		}
		want := map[string]string{}
		for c, column := range lines[0] {
			want[column] = lines[i+1][c]
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("row %d:\nJSON %v\nCSV  %v", i+1, got, want)
		}
	}
	if name := lines[1][2]; name != rows[0].Name {
		t.Errorf("the name %q became %q", rows[0].Name, name)
	}
}

func TestAMagnetLinkKeepsTheName(t *testing.T) {
	u, err := url.Parse(MagnetLink(&rows[0]))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if u.Scheme != "magnet" || q.Get("dn") != rows[0].Name || q.Get("xt") != "urn:btih:abcd"+strings.Repeat("0", 36) {
		t.Fatalf("%s", u)
	}
}

func TestFormatsAreReadByName(t *testing.T) {
	for f := range Format(len(formats)) {
		if got, err := ParseFormat(f.String()); got != f || err != nil {
			t.Errorf("ParseFormat(%q) = %v, %v", f, got, err)
		}
	}
	if _, err := ParseFormat("xml"); err == nil || !strings.Contains(err.Error(), "plain, csv, json, ndjson, magnet") {
		t.Errorf("ParseFormat(xml) = %v; want an error that names the formats", err)
	}
}

// full takes n bytes.
type full struct{ n int }

func (f *full) Write(p []byte) (int, error) {
	if len(p) > f.n {
		return 0, errors.New("disk full")
	}
	f.n -= len(p)
	return len(p), nil
}

func TestAFullDiskIsReported(t *testing.T) {
	for f := range Format(len(formats)) {
		for _, room := range []int{0, 5000} {
			if err := WriteHashes(&full{room}, f, make([]dhtcore.HashRow, 1000)); err == nil {
				t.Errorf("%s: no error with room for %d bytes", f, room)
			}
		}
	}
}

func BenchmarkWriteHashes(b *testing.B) {
	rows := make([]dhtcore.HashRow, 1000)
	for i := range rows {
		rows[i] = dhtcore.HashRow{Rank: i + 1, InfoHash: id(byte(i), byte(i>>8)), Requests: 5, FirstSeen: at(0), LastSeen: at(0)}
	}
	for f := range Format(len(formats)) {
		b.Run(f.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := WriteHashes(io.Discard, f, rows); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(rows))*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func TestNoNameInAStoreReachesATerminal(t *testing.T) {
	name := "a\x1b]0;x\x07\u009b2J\u202eb\x7f\U000e0041 👩\u200d💻"
	rows := []dhtcore.HashRow{{Rank: 1, Name: name}}
	for _, f := range []Format{Plain, CSV, JSON, NDJSON, Magnet} {
		var b strings.Builder
		if err := WriteHashes(&b, f, rows); err != nil {
			t.Fatal(err)
		}
		for _, r := range b.String() {
			if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Errorf("%s: %q holds %q", f, b.String(), r)
			}
		}
		if f == NDJSON {
			var row struct{ Name string }
			if err := json.Unmarshal([]byte(b.String()), &row); err != nil || row.Name != name {
				t.Errorf("%s reads as %q, %v", b.String(), row.Name, err)
			}
		}
	}
}

func TestMaintenanceIsNoTorrent(t *testing.T) {
	r := dhtcore.HashRow{Rank: 7, InfoHash: id(0xaa), Maintenance: 2, Sources: 1}
	for f, want := range map[Format]string{
		Magnet: "",
		Plain:  "  7. aa00000000000000000000000000000000000000  (maintenance of a routing table)\n",
		CSV:    csvHeader + "7,aa00000000000000000000000000000000000000,,0,0,1,0,0,,,0,2,0\n",
	} {
		var b strings.Builder
		if err := WriteHashes(&b, f, []dhtcore.HashRow{r}); err != nil || b.String() != want {
			t.Errorf("%s: %q, %v; want %q", f, b.String(), err, want)
		}
	}
}

func TestAHashThatOnlyOurTrackerKnowsSaysSo(t *testing.T) {
	r := dhtcore.HashRow{Rank: 7, InfoHash: id(0xaa), Tracked: 2}
	for f, want := range map[Format]string{
		Magnet: "magnet:?xt=urn:btih:aa00000000000000000000000000000000000000\n",
		Plain:  "  7. aa00000000000000000000000000000000000000  (2 announces to our tracker)\n",
		CSV:    csvHeader + "7,aa00000000000000000000000000000000000000,,0,0,0,0,0,,,0,0,2\n",
	} {
		var b strings.Builder
		if err := WriteHashes(&b, f, []dhtcore.HashRow{r}); err != nil || b.String() != want {
			t.Errorf("%s: %q, %v; want %q", f, b.String(), err, want)
		}
	}
}
