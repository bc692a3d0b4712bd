package scrape

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/netip"
	"strings"
	"testing"
)

var discardLog = log.New(io.Discard, "", 0)

// hosts is a Resolver with TXT records; every host is on loopback.
type hosts map[string][]string

func (h hosts) LookupTXT(_ context.Context, name string) ([]string, error) {
	records, ok := h[strings.TrimSuffix(name, ".")]
	if !ok {
		return nil, errors.New("no records")
	}
	return records, nil
}

func (hosts) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if host == "gone.test" {
		return nil, &net.DNSError{Name: host, IsNotFound: true}
	}
	return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
}

func TestAHostSaysInTheDNSWhereItsTrackerIs(t *testing.T) {
	dns := hosts{
		"both.test":    {"v=spf1", "BITTORRENT UDP:1 TCP:2"},
		"tcp.test":     {"BITTORRENT TCP:2"},
		"denied.test":  {"BITTORRENT DENY ALL"},
		"unknown.test": {"BITTORRENTX UDP:1", "bittorrent udp:1"},
		"odd.test":     {"BITTORRENT UDP: UDP:0 UDP:65536 TCP:x SCTP:9 UDP:7"},
	}
	for announce, want := range map[string]string{
		"udp://both.test:9":               "udp://both.test:1 http://both.test:2/announce",
		"http://both.test/announce":       "udp://both.test:1/announce http://both.test:2/announce",
		"http://both.test/key/announce":   "http://both.test:2/key/announce",
		"http://both.test/announce?key=1": "http://both.test:2/announce?key=1",
		"https://both.test/announce":      "https://both.test/announce",
		"http://tcp.test/announce":        "http://tcp.test:2/announce",
		"udp://denied.test:9":             "denied",
		"https://denied.test/announce":    "denied",
		"udp://unknown.test:9":            "udp://unknown.test:9",
		"udp://silent.test:9":             "udp://silent.test:9",
		"udp://odd.test:9":                "udp://odd.test:7",
		"udp://127.0.0.1:9":               "udp://127.0.0.1:9",
	} {
		u, err := parseURL(announce)
		if err != nil {
			t.Fatal(err)
		}
		var p places
		list, err := p.of(t.Context(), dns, u)
		var got []string
		for _, at := range list {
			got = append(got, at.String())
		}
		if errors.Is(err, errDenied) {
			got = append(got, "denied")
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", announce, got, want)
		}
	}
}

func TestATrackerIsAskedWhereTheDNSSays(t *testing.T) {
	u := openTracker(t)
	_, port, _ := strings.Cut(u.conn.LocalAddr().String(), ":")
	c := openClient(t, Config{Resolver: hosts{"t.test": {"BITTORRENT UDP:" + port}, "d.test": {"BITTORRENT"}}})
	if r := scrape(t, c, "http://t.test/announce", id(4)); r.Err != nil || r.Swarms[0].Seeders != 4 || r.URL != "udp://t.test:"+port+"/announce" {
		t.Errorf("%+v", r)
	}
	if r := scrape(t, c, "udp://d.test:"+port, id(4)); r.Err == nil || !strings.Contains(r.Err.Error(), "BEP 34") {
		t.Errorf("%+v", r)
	}
	if r := scrape(t, c, "udp://gone.test:"+port, id(4)); r.Err == nil || !strings.Contains(r.Err.Error(), "no host gone.test") {
		t.Errorf("%+v", r)
	}
}
