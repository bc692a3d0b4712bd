package ui

import "testing"

func TestDShowsTheDoctorAndEscClosesIt(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("D")
		s.sees("the doctor: why is it quiet?", "port     ◦ waiting", "no query sent yet", "terminal")
		s.keys("l")
		s.sees("the doctor is open: esc closes it")
		s.keys("esc")
		s.sees("┌ routing table")
		s.keys("D", "?")
		s.sees("help: overview")
		s.keys("D", "D")
		s.seesNot("the doctor")
	})
}

func TestAPaneIsShownInPlaceOfTheDoctor(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("D", "2")
		s.seesNot("the doctor")
		s.sees("hashes ──")
	})
}
