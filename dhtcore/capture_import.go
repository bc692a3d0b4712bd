package dhtcore

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"

	"dhtop/dhtcore/capture"
	"dhtop/dhtcore/human"
	"dhtop/dhtcore/pcapng"
	"dhtop/dhtcore/record"
)

// CaptureSummary is what there is in a capture.
type CaptureSummary = capture.Summary

// ReadCapture turns what somebody captured into Snapshots: one a second of the captured time, fewer in a capture of hours, more
// where one has no room for all packets. They are what a node of ours would have shown that sent and received the same messages.
// ours is its address; the zero value has it guessed, one without a port leaves that to be guessed. The file is read twice.
// Errors are those of reading, of each, of ctx, and of a capture without a message.
func ReadCapture(ctx context.Context, file io.ReadSeeker, ours netip.AddrPort, each func(*Snapshot) error) (CaptureSummary, error) {
	c, err := capture.Open(ctx, file, ours)
	if err != nil {
		return c.Summary, err
	}
	player := newCapturePlayer(c, each)
	if err = c.Play(ctx, player.play); err == nil {
		err = player.end()
	}
	return c.Summary, err
}

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
// error there is no recording. told is called with how far it is; nil for nobody.
func ImportCapture(ctx context.Context, from, to string, ours netip.AddrPort, told func(CaptureProgress)) (CaptureSummary, error) {
	file, err := os.Open(from)
	if err != nil {
		return CaptureSummary{}, fmt.Errorf("cannot read %s: %w", from, human.Cause(err))
	}
	defer file.Close() //nolint:errcheck // it was only read
	info, err := file.Stat()
	if err != nil {
		return CaptureSummary{}, err
	}
	recording, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return CaptureSummary{}, fmt.Errorf("cannot write %s: %w", to, human.Cause(err))
	}
	sum, err := importCapture(ctx, &countedReads{ReadSeeker: file, progress: CaptureProgress{Size: info.Size()}, told: told}, recording, ours)
	if closed := recording.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(to) //nolint:errcheck // it is of no use
		return sum, fmt.Errorf("%s: %w", from, err)
	}
	return sum, nil
}

func importCapture(ctx context.Context, file io.ReadSeeker, recording io.Writer, ours netip.AddrPort) (CaptureSummary, error) {
	out := bufio.NewWriterSize(recording, 1<<20)
	w, err := record.NewWriter[Snapshot](out)
	if err != nil {
		return CaptureSummary{}, err
	}
	sum, err := ReadCapture(ctx, file, ours, func(s *Snapshot) error { return w.Write(s.At, s) })
	return sum, errors.Join(err, out.Flush())
}

// CaptureProgress is how far the reading of a capture is.
type CaptureProgress struct {
	Again bool  // it is the second reading: the first one looks for the node
	Read  int64 // bytes of the file, compressed if that is
	Size  int64 // bytes of the file
}

// countedReads tells how much was read of a file that is read twice.
type countedReads struct {
	io.ReadSeeker
	progress CaptureProgress
	told     func(CaptureProgress) // nil for nobody
}

func (r *countedReads) Read(b []byte) (int, error) {
	n, err := r.ReadSeeker.Read(b)
	if r.progress.Read += int64(n); r.told != nil {
		r.told(r.progress)
	}
	return n, err
}

func (r *countedReads) Seek(offset int64, whence int) (int64, error) {
	r.progress.Again, r.progress.Read = true, 0
	return r.ReadSeeker.Seek(offset, whence)
}
