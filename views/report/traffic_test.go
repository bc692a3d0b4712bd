package report

import (
	"encoding/json"
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
)

func TestWhatIsCountedIsWrittenInEveryFormat(t *testing.T) {
	traffic := new(dhtcore.Traffic)
	traffic.Methods[dhtcore.Ping].Out, traffic.Methods[dhtcore.Ping].RepliesIn = 5, 4
	traffic.Details[dhtcore.Ping].RTT.See(40 * time.Millisecond)
	clients := &dhtcore.Clients{Rows: []dhtcore.ClientRow{{Name: "libtorrent", Askers: 3, Versions: []dhtcore.ClientVersion{{Version: "2.0.8", Askers: 3}}},
		{Name: dhtcore.NoClient, Repliers: 2}}}
	networks := []dhtcore.NetworkRow{{Prefix: netip.MustParsePrefix("203.0.113.0/24"), Nodes: 2, Place: dhtcore.Place{Country: "DE", ASN: 24940, Org: "Hetzner, Online"}}}
	samples := []dhtcore.HistorySample{{At: time.Date(2026, 11, 29, 10, 0, 0, 0, time.UTC)}}
	samples[0].Values[0], samples[0].Values[1] = 1.5, float32(math.NaN())
	write := map[string]func(w *strings.Builder, f Format) error{
		"methods": func(w *strings.Builder, f Format) error {
			return WriteMethods(w, f, NewMethods(traffic, []dhtcore.Method{dhtcore.Ping}))
		},
		"clients":  func(w *strings.Builder, f Format) error { return WriteClients(w, f, NewClients(clients)) },
		"networks": func(w *strings.Builder, f Format) error { return WriteNetworks(w, f, NewNetworks(networks, Options{})) },
		"history":  func(w *strings.Builder, f Format) error { return WriteHistory(w, f, NewHistory(samples)) },
	}
	want := map[string]string{"methods": "ping,5,4,0,0,37,41,41,0,", "clients": "\"libtorrent\",\"2.0.8\",0,3\n\"none named\",\"\",2,0", "networks": `203.0.113.0/24,2,0,DE,24940,"Hetzner, Online"`,
		"history": "2026-11-29T10:00:00.000Z,\"packets in\",/s,1.5\n2026-11-29T10:00:00.000Z,\"packets out\",/s,\n"}
	for name, write := range write {
		for _, f := range []Format{CSV, JSON, NDJSON, Plain} {
			var b strings.Builder
			if err := write(&b, f); err != nil || b.Len() == 0 {
				t.Errorf("%s as %s: %v", name, f, err)
			}
			if f == JSON {
				var rows []map[string]any
				if err := json.Unmarshal([]byte(b.String()), &rows); err != nil || len(rows) == 0 {
					t.Errorf("%s: %v in %s", name, err, b.String())
				}
			}
			if f == CSV && !strings.Contains(b.String(), want[name]) {
				t.Errorf("%s: %q is not in %s", name, want[name], b.String())
			}
		}
	}
}
