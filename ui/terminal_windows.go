package ui

import "os"

func notifyResize(chan<- os.Signal) {}

const canStop = false

func stopProcess() {}
