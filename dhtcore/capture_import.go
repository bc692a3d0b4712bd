package dhtcore

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/pcapng"
	"dhtop/dhtcore/record"
)

// IsCaptureFile reports whether a file that can be read looks like a capture: pcapng or pcap, also compressed with gzip.
func IsCaptureFile(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close() //nolint:errcheck // it was only read
	b := make([]byte, 24)
	n, _ := io.ReadFull(file, b)
	return pcapng.Sniff(b[:n])
}

// ImportCapture turns the capture at a path into a recording at another one, which must not exist: see ReadCapture. After an
// error there is no recording. read is told how much of the two readings is done, from 0 to 1; nil for nobody.
func ImportCapture(ctx context.Context, from, to string, ours netip.AddrPort, read func(done float64)) (CaptureSummary, error) {
	capture, err := os.Open(from)
	if err != nil {
		return CaptureSummary{}, fmt.Errorf("cannot read %s: %w", from, human.Cause(err))
	}
	defer capture.Close() //nolint:errcheck // it was only read
	info, err := capture.Stat()
	if err != nil {
		return CaptureSummary{}, err
	}
	file, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return CaptureSummary{}, fmt.Errorf("cannot write %s: %w", to, human.Cause(err))
	}
	sum, err := importCapture(ctx, &countedReads{ReadSeeker: capture, size: info.Size(), told: read}, file, ours)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(to) //nolint:errcheck // it is of no use
		return sum, fmt.Errorf("%s: %w", from, err)
	}
	return sum, nil
}

func importCapture(ctx context.Context, capture io.ReadSeeker, recording io.Writer, ours netip.AddrPort) (CaptureSummary, error) {
	out := bufio.NewWriterSize(recording, 1<<20)
	w, err := record.NewWriter[Snapshot](out)
	if err != nil {
		return CaptureSummary{}, err
	}
	sum, err := ReadCapture(ctx, capture, ours, func(s *Snapshot) error { return w.Write(s.At, s) })
	return sum, errors.Join(err, out.Flush())
}

// countedReads tells how much was read of a file that is read twice.
type countedReads struct {
	io.ReadSeeker
	size, at, before int64
	told             func(done float64)
}

func (r *countedReads) Read(b []byte) (int, error) {
	n, err := r.ReadSeeker.Read(b)
	r.at += int64(n)
	if r.told != nil && r.size > 0 {
		r.told(min(float64(r.before+r.at)/float64(2*r.size), 1))
	}
	return n, err
}

func (r *countedReads) Seek(offset int64, whence int) (int64, error) {
	r.before, r.at = r.size, 0
	return r.ReadSeeker.Seek(offset, whence)
}
