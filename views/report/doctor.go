package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"dhtop/dhtcore"
)

// Doctor is the document of "doctor --json".
type Doctor struct {
	Verdict string      `json:"verdict"` // the worst of the checks: ok, waiting or fail
	ForMS   int64       `json:"for_ms"`  // how long the node ran
	Checks  []Check     `json:"checks"`
	Hosts   []HostCheck `json:"hosts"`
}

// Check is one line of the doctor.
type Check struct {
	Name    string  `json:"name"`
	Verdict string  `json:"verdict"` // ok, waiting or fail
	Text    string  `json:"text"`
	Remedy  *string `json:"remedy"` // null where there is nothing to do
	Cause   *string `json:"cause"`  // a word that stays, such as double-nat; null for none
}

// HostCheck is what became of one bootstrap host over one address family.
type HostCheck struct {
	Host      string   `json:"host"`
	Family    string   `json:"family"` // IPv4 or IPv6
	Addresses int      `json:"addresses"`
	Addr      *string  `json:"addr"`   // that replied
	RTTMS     *float64 `json:"rtt_ms"` // null without a reply
	Error     *string  `json:"error"`  // null with one
}

// NewDoctor returns the JSON form of a diagnosis. s is the Snapshot that it was made of, nil if no node could run.
func NewDoctor(all []dhtcore.Finding, s *dhtcore.Snapshot, o Options) Doctor {
	d := Doctor{Checks: make([]Check, len(all)), Hosts: []HostCheck{}}
	worst := dhtcore.VerdictOK
	for i, f := range all {
		worst = max(worst, f.Verdict)
		d.Checks[i] = Check{f.Name, f.Verdict.String(), o.Text(f.Text), nullable(o.Text(f.Remedy)), nullable(string(f.Cause))}
	}
	d.Verdict = worst.String()
	if s == nil {
		return d
	}
	d.ForMS = millis(s.At.Sub(s.Started))
	for i := range s.Checkup.Hosts {
		c := &s.Checkup.Hosts[i]
		h := HostCheck{Host: o.Text(c.Host), Family: c.Family.String(), Addresses: c.Found, Error: nullable(o.Text(c.Err))}
		if c.OK() {
			addr, rtt := o.addr(c.Addr), float64(c.RTT.Microseconds())/1e3
			h.Addr, h.RTTMS = &addr, &rtt
		}
		d.Hosts = append(d.Hosts, h)
	}
	return d
}

// OK reports whether no check has failed.
func (d *Doctor) OK() bool { return d.Verdict != dhtcore.VerdictFail.String() }

// WritePlain writes a line a check, "VERDICT NAME TEXT → REMEDY", and below that of the hosts a line a host and family.
func (d *Doctor) WritePlain(w io.Writer) error {
	var b strings.Builder
	for _, c := range d.Checks {
		fmt.Fprintf(&b, "%-7s  %-8s  %s", c.Verdict, c.Name, c.Text)
		if c.Remedy != nil {
			fmt.Fprintf(&b, " → %s", *c.Remedy)
		}
		b.WriteByte('\n')
		if c.Name != "hosts" {
			continue
		}
		for _, h := range d.Hosts {
			fmt.Fprintf(&b, "%-7s  %-8s    %s %s %s\n", "", "", h.Host, h.Family, h.text())
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// text says what became of a host.
func (h *HostCheck) text() string {
	if h.Error != nil {
		return *h.Error
	}
	return fmt.Sprintf("%s replied in %.1f ms", *h.Addr, *h.RTTMS)
}

// WriteCSV writes a header and a line a check.
func (d *Doctor) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	c.Write([]string{"name", "verdict", "text", "remedy", "cause"}) //nolint:errcheck // Error has it
	for i := range d.Checks {
		check := &d.Checks[i]
		remedy, cause := "", ""
		if check.Remedy != nil {
			remedy = *check.Remedy
		}
		if check.Cause != nil {
			cause = *check.Cause
		}
		c.Write([]string{check.Name, check.Verdict, check.Text, remedy, cause}) //nolint:errcheck // as above
	}
	c.Flush()
	return c.Error()
}
