package pcapng

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/dhtcore/needs"
)

// tshark returns the fields of all packets of a file, with all checksums checked.
func tshark(t *testing.T, path string, fields ...string) (rows [][]string) {
	t.Helper()
	arguments := []string{"-n", "-r", path, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-T", "fields"}
	for _, f := range fields {
		arguments = append(arguments, "-e", f)
	}
	cmd := exec.Command(needs.Program(t, "tshark", "tshark"), arguments...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &errs)
	}
	for line := range strings.Lines(string(out)) {
		rows = append(rows, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return rows
}

func TestWiresharkReadsWhatIsWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dhtop.pcapng")
	want := samples()
	if err := os.WriteFile(path, capture(t, want), 0o600); err != nil {
		t.Fatal(err)
	}
	rows := tshark(t, path, "frame.time_epoch", "frame.len", "frame.comment", "frame.packet_flags_direction",
		"frame.interface_name", "ip.src", "ipv6.dst", "udp.srcport", "ip.checksum.status", "udp.checksum.status", "_ws.col.Protocol",
		"_ws.malformed", "_ws.expert.message")
	if len(rows) != len(want) {
		t.Fatalf("%d packets: %q", len(rows), rows)
	}
	const good, unverified, none = "1", "2", "3"
	for i, d := range want {
		header, source, target, ipStatus, protocol := 28, d.From.Addr().String(), "", good, "BT-DHT"
		udpStatus := good
		if d.From.Addr().Is6() {
			header, source, target, ipStatus = 48, "", d.To.Addr().String(), ""
		}
		switch {
		case len(d.Payload) == d.Size:
		case d.From.Addr().Is6():
			udpStatus = unverified
		default:
			udpStatus = none
		}
		if d.Size == 0 {
			protocol = "UDP"
		}
		row := []string{fmt.Sprintf("%d.%09d", d.At.Unix(), d.At.Nanosecond()), fmt.Sprint(d.Size + header), d.Comment, fmt.Sprintf("0x%08x", d.Way),
			fmt.Sprintf("vantage %d", d.Interface+1), source, target, fmt.Sprint(d.From.Port()), ipStatus, udpStatus, protocol,
			"", d.Comment} // no objection but our comment
		if fmt.Sprint(row) != fmt.Sprint(rows[i]) {
			t.Errorf("packet %d is\n%q, want\n%q", i, rows[i], row)
		}
	}
}

func TestOtherFormsOfACaptureAreRead(t *testing.T) {
	needs.Program(t, "tshark", "tshark")
	editcap := needs.Program(t, "editcap", "wireshark-common")
	dir := t.TempDir()
	from := filepath.Join(dir, "dhtop.pcapng")
	want := samples()
	if err := os.WriteFile(from, capture(t, want), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{"pcapng", "pcap", "nsecpcap"} {
		to := filepath.Join(dir, form)
		if out, err := exec.Command(editcap, "-F", form, from, to).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		file, err := os.ReadFile(to)
		if err != nil {
			t.Fatal(err)
		}
		got, counts := read(t, file)
		if len(got) != len(want) || counts.Gaps > 0 {
			t.Fatalf("%s: %d datagrams, %+v", form, len(got), counts)
		}
		for i := range got {
			if got[i].From != want[i].From || got[i].To != want[i].To || got[i].Size != want[i].Size || !bytes.Equal(got[i].Payload, want[i].Payload) ||
				got[i].At.UnixMicro() != want[i].At.UnixMicro() {
				t.Errorf("%s: datagram %d is %+v", form, i, got[i])
			}
		}
	}
}
