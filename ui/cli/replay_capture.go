package cli

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
)

// importCaptures turns the captures among the paths of replay into recordings, in a directory that clean removes. self is the
// address of the node that they are of, as parseSelf reads it.
func importCaptures(ctx context.Context, std streams, paths []string, self string) (recordings []string, clean func(), err error) {
	clean = func() {}
	ours, err := parseSelf(self)
	if err != nil {
		return nil, clean, err
	}
	if !slices.ContainsFunc(paths, dhtcore.IsCaptureFile) {
		if self != "" {
			return nil, clean, fmt.Errorf("--self %s: it is of captures, and none is named", self)
		}
		return paths, clean, nil
	}
	dir, err := os.MkdirTemp("", "dhtop-capture-")
	if err != nil {
		return nil, clean, fmt.Errorf("there is no room for what is in the capture: %w: set TMPDIR to another directory", human.Cause(err))
	}
	clean = func() { os.RemoveAll(dir) } //nolint:errcheck // the system cleans up
	for i, path := range paths {
		if !dhtcore.IsCaptureFile(path) {
			recordings = append(recordings, path)
			continue
		}
		to := filepath.Join(dir, strconv.Itoa(i)+".dhtrec")
		if err := importCapture(ctx, std, path, to, ours); err != nil {
			clean()
			return nil, func() {}, err
		}
		recordings = append(recordings, to)
	}
	return recordings, clean, nil
}

// importCapture says how far it is, where that may take long.
func importCapture(ctx context.Context, std streams, from, to string, ours netip.AddrPort) error {
	var percent atomic.Int64
	p := showProgress(std, newOutput(std.out), func() string { return fmt.Sprintf("reading %s: %d %%", from, percent.Load()) })
	defer p.stop()
	_, err := dhtcore.ImportCapture(ctx, from, to, ours, func(done float64) { percent.Store(int64(100 * done)) })
	return err
}

// parseSelf reads the address of --self, whose port is 0 where it is left out; the zero value for "".
func parseSelf(s string) (netip.AddrPort, error) {
	if s == "" {
		return netip.AddrPort{}, nil
	}
	if addr, err := netip.ParseAddrPort(s); err == nil {
		return addr, nil
	}
	ip, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("--self %q: want an IP address, or one with a port: 192.168.1.5:6881", s)
	}
	return netip.AddrPortFrom(ip, 0), nil
}
