package report

import (
	"bytes"
	"encoding/json"
	"testing"

	"dhtop/dhtcore"
)

func TestTheSummaryOfACrawl(t *testing.T) {
	var j, p bytes.Buffer
	if err := WriteJSON(&j, NewCrawlSummary(snapshot, 2)); err != nil {
		t.Fatal(err)
	}
	golden(t, "crawl.json", j.Bytes())
	for i := range rows {
		p.Write(AppendDiscovery(nil, i+1, rows[i].InfoHash, addr("91.201.41.182:6881").Addr(), Options{MaskAddrs: i == 1}))
	}
	if err := WriteCrawl(&p, snapshot, 2); err != nil {
		t.Fatal(err)
	}
	golden(t, "crawl.plain", p.Bytes())
}

func TestTheSummaryOfNothing(t *testing.T) {
	var b bytes.Buffer
	if err := WriteNDJSON(&b, NewCrawlSummary(&dhtcore.Snapshot{}, 10)); err != nil {
		t.Fatal(err)
	}
	want := `{"started":null,"elapsed_ms":0,"hashes":0,"requests":0,"announces":0,"samples":0,"maintenance":0,"nodes_seen":0,"nodes_replied":0,` +
		`"packets_out":0,"packets_in":0,"interval_violations":0,"hashes_per_1000_packets":0,"network_size":{"estimate":null,"low":null,"high":null},"top":[],"tracked":0}` + "\n"
	if b.String() != want {
		t.Fatalf("%s\nwant\n%s", b.String(), want)
	}
}

func TestALookupAsJSONAndPlain(t *testing.T) {
	empty := dhtcore.LookupState{Target: id(1)}
	for name, o := range map[string]Options{"peers": {}, "peers-masked": {MaskAddrs: true}} {
		var j, p bytes.Buffer
		if err := WriteJSON(&j, []Lookup{NewLookup(&found, o), NewLookup(&empty, o)}); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".json", j.Bytes())
		for _, l := range []*dhtcore.LookupState{&found, &empty} {
			if err := WritePeers(&p, l, o); err != nil {
				t.Fatal(err)
			}
		}
		golden(t, name+".plain", p.Bytes())
	}
}

func TestALookupOnOneLineIsTheSameObject(t *testing.T) {
	var document, line bytes.Buffer
	if err := WriteJSON(&document, NewLookup(&found, Options{})); err != nil {
		t.Fatal(err)
	}
	if err := WriteNDJSON(&line, NewLookup(&found, Options{})); err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, document.Bytes()); err != nil {
		t.Fatal(err)
	}
	if got, want := line.String(), compact.String()+"\n"; got != want {
		t.Fatalf("%s\nwant\n%s", got, want)
	}
}
