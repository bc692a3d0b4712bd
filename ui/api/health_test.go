package api

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

func TestATroubleOfTheStoreIsToldUntilItIsMended(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	cfg := lively()
	cfg.MaxHashes, cfg.Keep = 50_000, dhtcore.Keep{Bytes: 1e9}
	cfg.Store = "sqlite:" + filepath.Join(dir, "x.sqlite")
	url := serving(t, cfg, Config{})
	var last health
	status := func(want string) func() bool {
		return func() bool {
			document, response := answer[health](t, request(t, url+"/healthz", nil))
			if response.StatusCode != http.StatusOK {
				t.Fatalf("%+v: %s; want 200 as long as it is alive", document, response.Status)
			}
			last = document
			return last.Status == want && last.Phase == "serving"
		}
	}
	eventually(t, "all well", status("ok"))
	if len(last.Problems) > 0 || last.UptimeMS <= 0 {
		t.Errorf("while all is well: %+v", last)
	}
	eventually(t, "the bounds", func() bool {
		document, _ := answer[health](t, request(t, url+"/healthz", nil))
		return document.Memory == memoryBounds{document.Memory.Hashes, cfg.MaxHashes} && document.Memory.Hashes > 0 &&
			document.Store != nil && document.Store.Bytes > 0 && document.Store.KeepBytes == cfg.Keep.Bytes
	})

	// Something else is where the store's directory was. Root may write to any file, but not below one.
	if err := errors.Join(os.Rename(dir, dir+".away"), os.WriteFile(dir, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "trouble", status("degraded"))
	if len(last.Problems) != 1 || !strings.Contains(last.Problems[0], "keeping counts in memory") || !strings.Contains(last.Problems[0], "check its directory") {
		t.Errorf("%q; want what is wrong and a remedy", last.Problems)
	}
	if document, response := answer[readiness](t, request(t, url+"/readyz", nil)); response.StatusCode != http.StatusOK || !document.Ready {
		t.Errorf("/readyz in trouble: %s, %+v; want it ready, as it answers others", response.Status, document)
	}

	if err := errors.Join(os.Remove(dir), os.Rename(dir+".away", dir)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "an end of the trouble", status("ok"))
	if len(last.Problems) > 0 {
		t.Errorf("after the trouble: %q", last.Problems)
	}
}

func TestNobodyIsReadyWithoutANetwork(t *testing.T) {
	t.Parallel()
	mute, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	cfg := dhtcore.Config{Bind: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, Bootstrap: []string{mute.LocalAddr().String()}}
	url := serving(t, cfg, Config{})
	document, response := answer[readiness](t, request(t, url+"/readyz", nil))
	if response.StatusCode != http.StatusServiceUnavailable || document != (readiness{false, "joining"}) {
		t.Errorf("before the bootstrap has ended: %s, %+v; want 503", response.Status, document)
	}
	eventually(t, "the end of the bootstrap", func() bool {
		document, response = answer[readiness](t, request(t, url+"/readyz", nil))
		return document.Phase == "offline"
	})
	if response.StatusCode != http.StatusServiceUnavailable || document.Ready {
		t.Errorf("after the bootstrap has ended in vain: %s, %+v; want 503", response.Status, document)
	}
	if document, _ := answer[health](t, request(t, url+"/healthz", nil)); document.Status != "degraded" || len(document.Problems) != 1 {
		t.Errorf("/healthz with no network: %+v; want why", document)
	}
}

func TestTheFirstNodeOfANetworkIsReady(t *testing.T) {
	t.Parallel()
	cfg := dhtcore.Config{Bind: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, Bootstrap: []string{}}
	url := serving(t, cfg, Config{})
	eventually(t, "a node that is ready", func() bool {
		_, response := answer[readiness](t, request(t, url+"/readyz", nil))
		return response.StatusCode == http.StatusOK
	})
}

func TestAMaskedProblemHasNoAddress(t *testing.T) {
	s := &dhtcore.Snapshot{Notices: []string{"cannot reach 203.0.113.77:5432", "nobody answers"}}
	for mask, want := range map[bool]string{false: "203.0.113.77:5432", true: "203.0.113.0/24"} {
		_, document := healthz(s, report.Options{MaskAddrs: mask})
		if h := document.(health); len(h.Problems) != 2 || !strings.Contains(h.Problems[0], want) {
			t.Errorf("mask %v: %q; want %q in it", mask, h.Problems, want)
		}
	}
}
