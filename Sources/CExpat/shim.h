// Expat: streaming XML parser for the parts of an .xlsx workbook.
#include <expat.h>
