package clocks

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/doctor"
	"dhtop/dhtcore/snapshot"
)

// dated is a transport whose server has a clock that is ahead, and takes its time.
type dated struct {
	ahead, takes time.Duration
	header       http.Header
}

func (d *dated) RoundTrip(*http.Request) (*http.Response, error) {
	time.Sleep(d.takes / 2)
	header := d.header.Clone()
	header.Set("Date", time.Now().Add(d.ahead).UTC().Format(http.TimeFormat))
	time.Sleep(d.takes / 2)
	return &http.Response{StatusCode: http.StatusOK, Header: header, Body: http.NoBody}, nil
}

func TestTheClocksOfOthersAreReadByTheWay(t *testing.T) {
	for _, c := range []struct {
		what    string
		servers []dated
		store   time.Duration // the PostgreSQL server's clock is ahead of ours; 0 for none
		verdict doctor.Verdict
		text    string
	}{
		{"two that agree", []dated{{0, time.Second, http.Header{}}, {0, 0, http.Header{}}}, 0, doctor.OK, "agrees with the clock of a tracker"},
		{"a slow answer", []dated{{0, 20 * time.Second, http.Header{}}}, 0, doctor.OK, "agrees"},
		{"ours is behind", []dated{{time.Hour, 0, http.Header{}}, {time.Hour, 0, http.Header{}}}, 0, doctor.Fail, "the clock is 1 h behind that of a tracker"},
		{"ours is ahead", []dated{{-3 * time.Hour, 0, http.Header{}}, {-3 * time.Hour, 0, http.Header{}}}, 0, doctor.Fail, "3 h ahead of"},
		{"a little", []dated{{20 * time.Second, 0, http.Header{}}, {20 * time.Second, 0, http.Header{}}}, 0, doctor.Waiting, "behind"},
		{"one server", []dated{{time.Hour, 0, http.Header{}}}, 0, doctor.Waiting, "which may be wrong itself"},
		{"one of three is wrong", []dated{{time.Hour, 0, http.Header{}}, {}, {}}, 0, doctor.OK, "agrees"},
		{"they disagree", []dated{{time.Hour, 0, http.Header{}}, {}}, 0, doctor.OK, "disagree among themselves"},
		{"a cache", []dated{{-time.Hour, 0, http.Header{"Age": {"3600"}}}}, 0, doctor.OK, "no other clock was there"},
		{"PostgreSQL", nil, 5 * time.Minute, doctor.Fail, "5 m behind that of the PostgreSQL server"},
	} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)))
			var all Clocks
			for i, s := range c.servers {
				if s.header == nil {
					s.header = http.Header{}
				}
				r, err := http.NewRequest(http.MethodGet, "https://"+string(rune('a'+i))+".example/", http.NoBody)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := all.Around(snapshot.ClockOfTracker)(&s).RoundTrip(r); err != nil {
					t.Fatal(err)
				}
			}
			if c.store != 0 {
				now := time.Now()
				all.ReadStore(now.Add(c.store), now, now.Add(20*time.Millisecond), &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1)})
				all.ReadStore(now, now, now, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}) // of this machine
			}
			s := &snapshot.Snapshot{}
			s.At, s.Checkup.Clocks = time.Now(), all.List(time.Now())
			var f doctor.Finding
			for _, of := range doctor.Diagnose(s) {
				if of.Name == "clock" {
					f = of
				}
			}
			if f.Verdict != c.verdict || !strings.Contains(f.Text, c.text) || (f.Cause == doctor.CauseClock) != (f.Verdict != doctor.OK) || (f.Remedy != "") != (f.Verdict != doctor.OK) {
				t.Errorf("%s: %+v of %+v", c.what, f, s.Checkup.Clocks)
			}
			time.Sleep(readingLasts + time.Second)
			if left := all.List(time.Now()); len(left) > 0 {
				t.Errorf("%s: after a day there is %+v", c.what, left)
			}
		})
	}
}
