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
	var told []CaptureProgress
	sum, err := ImportCapture(t.Context(), from, to, netip.AddrPort{}, func(p CaptureProgress) { told = append(told, p) })
	size := int64(file.file.Len())
	if last := (CaptureProgress{Again: true, Read: size, Size: size}); err != nil || sum.Messages != 6 || len(told) < 2 || told[0].Again || told[len(told)-1] != last {
		t.Fatalf("%+v, %v, told %+v", sum, err, told)
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
