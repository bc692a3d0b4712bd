package dhtcore

import (
	"dhtop/dhtcore/pcapng"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestACaptureBecomesARecording(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "capture.pcapng"), filepath.Join(dir, "capture.dhtrec")
	file := newCaptureFile(t)
	for i := range 3 {
		file.ask(captureBegan.Add(time.Duration(i)*time.Second), i, ID{0x80, byte(i)})
	}
	if err := os.WriteFile(from, file.file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	done := 0.0
	sum, err := ImportCapture(t.Context(), from, to, netip.AddrPort{}, func(d float64) { done = d })
	if err != nil || sum.Messages != 6 || done != 1 {
		t.Fatalf("%+v, %v, %v of it was read", sum, err, done)
	}
	p, err := OpenPlayback(to)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	s, _, err := p.At(captureBegan.Add(2 * time.Second))
	if err != nil || s.Hashes.Requests != 2 || len(s.Packets.Log) != 4 || s.Packets.Log[0].Took != 300*time.Microsecond {
		t.Errorf("%+v, %v", s, err)
	}
	if !IsCaptureFile(from) || IsCaptureFile(to) || IsCaptureFile(dir) || IsCaptureFile(filepath.Join(dir, "none")) {
		t.Error("captures and recordings are mistaken for each other")
	}
	if _, err := ImportCapture(t.Context(), to, filepath.Join(dir, "other"), netip.AddrPort{}, nil); !errors.Is(err, pcapng.ErrNoCapture) {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "other")); err == nil {
		t.Error("a recording of nothing is left behind")
	}
}
