package reader

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

var origin = dhtcore.NamedOrigin("a file")

// rows are the rows of an export; in another zone than UTC, as a reader that forgets it is found out then.
var rows = []dhtcore.HashRow{
	{Rank: 1, InfoHash: dhtcore.ID{0xab, 0xcd}, Name: `=1+1, "quoted" & <b>é + x</b>`, Requests: 23, RawRequests: 25, Announces: 4, Samples: 3,
		Sources: 12, Peers: 7, FirstSeen: at(0), LastSeen: at(1500 * time.Millisecond)},
	{Rank: 2, InfoHash: dhtcore.ID{0x01}, Requests: 1, RawRequests: 1, Tracked: 2, Sources: 1, FirstSeen: at(time.Minute), LastSeen: at(time.Minute)},
	{Rank: 100, InfoHash: dhtcore.ID{0xff}, Samples: 1},
}

func at(d time.Duration) time.Time {
	return time.Date(2026, 3, 1, 1, 30, 0, 0, time.FixedZone("CET", 3600)).Add(d)
}

// snapshot is the end of a crawl that has seen them.
var snapshot = &dhtcore.Snapshot{Started: at(0), At: at(90 * time.Second), Nodes: make([]dhtcore.Vantage, 1),
	Hashes: dhtcore.Hashes{Seen: 40, Requests: 24, Announces: 4, Samples: 4, Top: rows}}

// readAll returns the parts that a text has, and the error that ended it.
func readAll(text string, origin *dhtcore.StoreOrigin) (parts []dhtcore.StorePart, err error) {
	for p, err := range Stored(strings.NewReader(text), origin) {
		if err != nil {
			return parts, err
		}
		parts = append(parts, p)
	}
	return parts, nil
}

func storedRows() (all []dhtcore.StoreEntry) {
	for i, r := range rows {
		h := dhtcore.StoreEntry{HashRow: r}
		for j := range 1 + i%2 {
			p := dhtcore.StorePart{Origin: dhtcore.StoreOrigin{byte(j + 1)}, HashRow: r}
			p.Rank, p.Trend = 0, [dhtcore.TrendLen]uint32{}
			p.RawRequests, p.Seeds, p.Maintenance = r.Requests+uint64(j), j, uint64(3*j)
			p.Tracked = uint64(7 * j)
			h.Parts = append(h.Parts, p)
		}
		all = append(all, h)
	}
	return all
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	for _, f := range []report.Format{report.CSV, report.JSON, report.NDJSON} {
		var b bytes.Buffer
		w := report.NewStoredWriter(&b, f)
		var want []dhtcore.StorePart
		for _, h := range storedRows() {
			if err := w.Write(&h); err != nil {
				t.Fatal(err)
			}
			for _, p := range h.Parts {
				p.Name = dhtcore.Printable(p.Name)
				want = append(want, dhtcore.StorePart{Origin: p.Origin, HashRow: dhtcore.HashRow{InfoHash: p.InfoHash, Name: p.Name, Requests: p.Requests,
					RawRequests: p.RawRequests, Maintenance: p.Maintenance, Tracked: p.Tracked, Announces: p.Announces, Samples: p.Samples, Sources: p.Sources, Peers: p.Peers, Seeds: p.Seeds,
					FirstSeen: p.FirstSeen.UTC(), LastSeen: p.LastSeen.UTC()}})
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := readAll(b.String(), nil)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v\nwant %+v\nof %s", f, got, err, want, &b)
		}
	}
}

func TestAnOlderExportHasLessAndANewerOneMayHaveMore(t *testing.T) {
	got, err := readAll("info_hash,requests,origins\n"+strings.Repeat("ab", 20)+",3,0100000000000000:3:4:1:2:0:5:0:0::1700000000000\n", nil)
	if err != nil || len(got) != 1 || got[0].Requests != 3 || got[0].RawRequests != 4 || got[0].Maintenance != 0 || got[0].LastSeen.IsZero() {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = readAll("info_hash,origins,more\n"+strings.Repeat("ab", 20)+",0100000000000000:3:4:1:2:0:5:0:0:::6:7:8:nine,9\n", nil)
	if err != nil || len(got) != 1 || got[0].Maintenance != 6 || got[0].Tracked != 7 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAnExportWithoutOriginsIsTheNamedOnes(t *testing.T) {
	for _, f := range []report.Format{report.CSV, report.JSON, report.NDJSON} {
		var b bytes.Buffer
		if err := report.WriteHashes(&b, f, rows); err != nil {
			t.Fatal(err)
		}
		got, err := readAll("\xef\xbb\xbf"+b.String(), &origin)
		if err != nil || len(got) != len(rows) {
			t.Fatalf("%s: %d rows, %v", f, len(got), err)
		}
		for i, p := range got {
			if p.Origin != origin || p.InfoHash != rows[i].InfoHash || p.Requests != rows[i].Requests {
				t.Errorf("%s: row %d is %+v", f, i+1, p)
			}
		}
	}
}

func TestAnEmptyExportOfAStoreHasNoRows(t *testing.T) {
	for _, f := range []report.Format{report.CSV, report.JSON, report.NDJSON} {
		var b strings.Builder
		if err := report.NewStoredWriter(&b, f).Close(); err != nil {
			t.Fatal(err)
		}
		if parts, err := readAll(b.String(), nil); len(parts) != 0 || err != nil {
			t.Errorf("%s: %v, %v", f, parts, err)
		}
	}
}

func TestTheTopListOfACrawlIsReadWithOrWithoutItsEvents(t *testing.T) {
	origin := dhtcore.NamedOrigin("ann")
	var indented, stream, sorted bytes.Buffer
	summary := report.NewCrawlSummary(snapshot, 2)
	if err := report.WriteJSON(&indented, summary); err != nil {
		t.Fatal(err)
	}
	stream.Write(report.AppendEvent(nil, &dhtcore.Event{Seq: 1, Kind: dhtcore.Requested, Hash: rows[0].InfoHash, Maintenance: true}, report.Options{}))
	summary.Kind = report.KindSummary
	if err := report.WriteNDJSON(&stream, summary); err != nil {
		t.Fatal(err)
	}
	var keys map[string]any // in alphabetical order, as jq --sort-keys leaves them
	if err := json.Unmarshal(indented.Bytes(), &keys); err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(&sorted).Encode(keys); err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{"indented": indented.String(), "a stream": stream.String(), "sorted": sorted.String()} {
		parts, err := readAll(text, &origin)
		if err != nil || len(parts) != 2 || parts[0].InfoHash != rows[0].InfoHash || parts[0].Requests != rows[0].Requests ||
			parts[0].RawRequests != max(rows[0].RawRequests, rows[0].Requests) || parts[0].Origin != origin {
			t.Errorf("%s: %v, %+v", what, err, parts)
		}
		if _, err := readAll(text, nil); err == nil || !strings.Contains(err.Error(), "pass --origin NAME") {
			t.Errorf("%s without an origin: %v", what, err)
		}
	}
	for text, says := range map[string]string{
		indented.String()[:indented.Len()-3]: "the summary does not end", indented.String() + "{}": "more follows the summary",
		`{"started":1,"top":5}`: "not the summary", `{"started":1,"top":[{"info_hash":"x"}]}`: "want 40 hexadecimal digits",
		`{"started":`: "not the summary",
	} {
		if _, err := readAll(text, &origin); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.40s: %v; want %q", text, err, says)
		}
	}
}

func TestASummaryMayBeLongerThanARow(t *testing.T) {
	origin := dhtcore.NamedOrigin("ann")
	s := *snapshot
	s.Hashes.Top = slices.Repeat(rows[:1], 10_000)
	var b bytes.Buffer
	if err := report.WriteJSON(&b, report.NewCrawlSummary(&s, len(s.Hashes.Top))); err != nil {
		t.Fatal(err)
	}
	if parts, err := readAll(b.String(), &origin); err != nil || len(parts) != len(s.Hashes.Top) || b.Len() <= maxRow {
		t.Errorf("%d bytes: %d parts, %v", b.Len(), len(parts), err)
	}
}

func TestABadLineIsNamed(t *testing.T) {
	const hash = "0100000000000000000000000000000000000000"
	for text, says := range map[string]string{
		"info_hash,requests\n" + hash + ",1\n" + hash + ",x\n": `line 3: "x" is not a valid count`,
		"info_hash,requests\n" + hash + ",9007199254740993\n":  "line 2: 9007199254740993 is not a valid count",
		"info_hash,requests\n" + hash + ",-1\n":                `line 2: "-1" is not a valid count`,
		"info_hash\n" + hash[1:] + "\n":                        "line 2: info_hash",
		"info_hash,last_seen\n" + hash + ",yesterday\n":        "line 2: time",
		"info_hash,origins\n" + hash + ",abc:1\n":              "line 2: origin",
		"info_hash\n" + hash + ",1\n":                          "line 2: it has more or fewer fields than the header",
		"info_hash,name\n" + hash + ",\"a\nb\n":                "line 2: a quote is in the wrong place or does not end",
		"[{\"info_hash\":\"" + hash:                            "line 1: not a row of an export: the file is incomplete",
		"{\"info_hash\":NaN}":                                  "line 1: not a row of an export: it is no valid JSON",
		"{\"info_hash\":5}":                                    `line 1: not a row of an export: "info_hash" is of the wrong type`,
		"\n\n{\"info_hash\":\"" + hash + "\"}\n{]":             "line 2: not a row of an export",
		"[{\"info_hash\":\"" + hash + "\"}\n":                  "line 1: the array does not end",
		"magnet:?xt=urn:btih:" + hash:                          "no column info_hash",
	} {
		if _, err := readAll(text, &origin); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v; want %q", text, err, says)
		}
	}
}

func TestANameFromAFileCannotCommandATerminal(t *testing.T) {
	got, err := readAll(`{"info_hash":"0100000000000000000000000000000000000000","name":"a\u001b]52;c;x\u0007\u202eb\u200bc"}`, &origin)
	if err != nil || len(got) != 1 || got[0].Name != "a\ufffd]52;c;x\ufffd\ufffdbc" {
		t.Fatalf("%+v, %v", got, err)
	}
}

func FuzzReadStored(f *testing.F) {
	for _, format := range []report.Format{report.CSV, report.JSON, report.NDJSON} {
		var b bytes.Buffer
		w := report.NewStoredWriter(&b, format)
		for _, h := range storedRows() {
			w.Write(&h) //nolint:errcheck // a Buffer takes everything
		}
		w.Close() // a Buffer takes everything
		f.Add(b.String())
	}
	f.Fuzz(func(t *testing.T, text string) {
		parts, err := readAll(text, &origin)
		if err != nil {
			return
		}
		var b bytes.Buffer // what was read is written and read again as it is
		w := report.NewStoredWriter(&b, report.CSV)
		for _, p := range parts {
			h := dhtcore.StoreEntry{HashRow: p.HashRow, Parts: []dhtcore.StorePart{p}}
			if err := w.Write(&h); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		again, err := readAll(b.String(), nil)
		if err != nil || len(again) != len(parts) {
			t.Fatalf("%d of %d parts are read again, %v", len(again), len(parts), err)
		}
	})
}

// unending is an input that starts with a text and goes on with as.
type unending struct {
	head string
	read int
}

func (u *unending) Read(b []byte) (int, error) {
	n := copy(b, u.head)
	u.head = u.head[n:]
	for i := range b[n:] {
		b[n+i] = 'a'
	}
	u.read += len(b)
	return len(b), nil
}

func TestARowThatDoesNotEndIsNotReadIntoMemory(t *testing.T) {
	hash := strings.Repeat("0", 40)
	for _, head := range []string{
		"info_hash,name\n" + hash + ",\"",
		"info_hash,name\n" + hash + ",",
		`{"info_hash":"` + hash + `","name":"`,
		`[{"info_hash":"` + hash + `","name":"`,
		`{"info_hash":"` + hash + `","requests":1} {"x":"`,
	} {
		in := &unending{head: head}
		var failed error
		for _, err := range Stored(in, &origin) {
			failed = err
		}
		if !errors.Is(failed, errRow) || !strings.Contains(failed.Error(), "line 1:") || in.read > 4*maxRow {
			t.Errorf("%.60s: %v after %d bytes; want %v", head, failed, in.read, errRow)
		}
	}
}

func TestRowsTogetherMayBeLongerThanOneMayBe(t *testing.T) {
	row := `{"info_hash":"` + strings.Repeat("0", 40) + `","requests":1,"name":"` + strings.Repeat("n", maxImportName) + "\"}\n"
	n := 3 * maxRow / len(row)
	for _, text := range []string{strings.Repeat(row, n), "[" + strings.Repeat(row+",", n-1) + row + "]",
		"info_hash,name\n" + strings.Repeat(strings.Repeat("0", 40)+","+strings.Repeat("n", maxImportName)+"\n", n)} {
		if parts, err := readAll(text, &origin); len(parts) != n || err != nil {
			t.Errorf("%.20s: %d rows, %v; want %d", text, len(parts), err, n)
		}
	}
}

func TestWhatFollowsAnArrayIsNotPassedOver(t *testing.T) {
	array := `[{"info_hash":"` + strings.Repeat("0", 40) + `","requests":1}]`
	for _, more := range []string{array, `{"info_hash":"` + strings.Repeat("1", 40) + `"}`, "x"} {
		if _, err := readAll(array+"\n"+more, &origin); err == nil || !strings.Contains(err.Error(), "line 2: more follows the array") {
			t.Errorf("%.20s after an array: %v", more, err)
		}
	}
	if parts, err := readAll(array+"\n\n", &origin); len(parts) != 1 || err != nil {
		t.Errorf("empty lines after an array: %d rows, %v", len(parts), err)
	}
}
