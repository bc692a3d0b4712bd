package ui

import "os"

func notifyResize(chan<- os.Signal) {}
