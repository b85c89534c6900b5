#ifndef HEARTH_WITHOUT_DESCRIPTORS_H
#define HEARTH_WITHOUT_DESCRIPTORS_H

/* A program that links this target lives on while the system gives it no more file descriptors.

   The dispatch library under Swift's tasks looks once a second which of its threads run, in /proc/NUMBER/stat, and ends the program
   when such a file cannot be opened: it takes the thread for gone. Having no descriptor left must not do that, so `open` is defined here;
   it differs from the C library's only there. */

#endif
